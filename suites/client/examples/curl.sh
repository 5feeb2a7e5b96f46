#!/bin/sh
# A create with curl. -u with nothing behind the colon is the credential as the page has it.
exec curl --silent --show-error --fail-with-body --max-time 10 \
  --user "$CONFORM_API_KEY:" \
  --header "x-merchantid: $CONFORM_MERCHANT_ID" \
  --data-urlencode "object_reference_id=cust_curl_$$" \
  --data-urlencode 'mobile_number=987654321' \
  --data-urlencode 'mobile_country_code=55' \
  --data-urlencode 'email_address=ana.souza+shop@example.com' \
  --data-urlencode 'first_name=Ana' \
  "$CONFORM_URL/customers"
