// A create with Java's HttpClient; `java Client.java` compiles and runs it.
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;

public class Client {
  public static void main(String[] args) throws Exception {
    Map<String, String> fields = Map.of(
        "object_reference_id", "cust_java_" + ProcessHandle.current().pid(),
        "mobile_number", "987654321",
        "email_address", "ana.souza@example.com");
    String form = fields.entrySet().stream()
        .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
        .collect(Collectors.joining("&"));
    String credential = Base64.getEncoder().encodeToString((System.getenv("CONFORM_API_KEY") + ":").getBytes(StandardCharsets.UTF_8));
    HttpRequest request = HttpRequest.newBuilder(URI.create(System.getenv("CONFORM_URL") + "/customers"))
        .timeout(Duration.ofSeconds(10))
        .header("Authorization", "Basic " + credential)
        .header("x-merchantid", System.getenv("CONFORM_MERCHANT_ID"))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(HttpRequest.BodyPublishers.ofString(form))
        .build();
    HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
    System.out.println(response.statusCode() + " " + response.body());
    System.exit(response.statusCode() == 200 ? 0 : 1);
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
