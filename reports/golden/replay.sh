#!/bin/sh
# What was found broken on http://127.0.0.1:9, run of 2026-03-17, seed 7.
#   API_KEY=... sh FILE
#   API_KEY=... BASE_URL=https://elsewhere.example.com MERCHANT_ID=... sh FILE
# Each request gets a fresh object_reference_id, so it can be run again. It exits 0 where every request was answered, else 2.
set -u
: "${API_KEY:?put the API key of the target into API_KEY}"
BASE_URL=${BASE_URL:-'http://127.0.0.1:9'}
BASE_URL=${BASE_URL%/}
MERCHANT_ID=${MERCHANT_ID:-'acme'}
LC_ALL=C
export LC_ALL
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
unanswered=0

# fresh CHARACTERS NUMBER: so many of these characters, by chance
fresh() { tr -dc "$1" </dev/urandom | dd bs=1 count="$2" 2>/dev/null; }
# What all references of this run of the script have in common
token=r$(fresh a-z0-9 4)

# send PATH [ARGUMENTS OF CURL]: the status in $status, the body in $dir/answer
send() {
  path=$1
  shift
  : >"$dir/answer"
  status=$(curl -g --path-as-is -sS --max-time 30 -o "$dir/answer" -w '%{http_code}' "$@" "$BASE_URL$path" 2>"$dir/error") || {
    [ "$status" != 000 ] || status=none
    unanswered=2
    status="$status ($(head -n 1 "$dir/error"))"
  }
}

# said RULE EXPECTED STATUS_THEN: what came of the last request
said() {
  if [ "$status" = "$3" ]; then same="as then"; else same="then $3"; fi
  answer=$(head -c 300 "$dir/answer" | tr -d '\000-\037\177')
  printf '%s\n  expected  %s\n  got       %s (%s) %s\n\n' "$1" "$2" "$status" "$same" "$answer"
}

# control: the good request beside it has to be accepted for a refusal to mean anything
control() {
  case $status in
    2*) ;;
    *) printf 'The good request beside the next one is not accepted (%s): what comes of it means little.\n' "$status" ;;
  esac
}

# first_name/charset: a first_name of letters, digits and ( ) . - _ is accepted, with any other character of ASCII refused
id1="conf_${token}_$(fresh 0-9 4)"
{
  printf 'object_reference_id='
  printf %s "$id1"
  printf '&first_name=acb&mobile_number=987654321'
} >"$dir/body"
send '/customers' -X POST -H 'authorization: Basic '"$API_KEY" -H 'content-type: application/x-www-form-urlencoded' -H 'Expect:' --data-binary @"$dir/body"
control
{
  printf 'object_reference_id='
  printf %s "$id1"
  printf '&first_name=a+b&mobile_number=987654321'
} >"$dir/body"
send '/customers' -X POST -H 'authorization: Basic '"$API_KEY" -H 'content-type: application/x-www-form-urlencoded' -H 'Expect:' --data-binary @"$dir/body"
said 'first_name/charset' 'a refusal (400)' '200'

# object_reference_id/unique: a second create with the same object_reference_id is refused
id1="conf_${token}_$(fresh 0-9 4)"
{
  printf 'object_reference_id='
  printf %s "$id1"
} >"$dir/body"
send '/customers' -X POST -H 'authorization: Basic '"$API_KEY" -H 'content-type: application/x-www-form-urlencoded' -H 'Expect:' --data-binary @"$dir/body"
id2=$(sed -n 's/.*"id" *: *"\([^"]*\)".*/\1/p' "$dir/answer" | head -n 1)
{
  printf 'object_reference_id='
  printf %s "$id1"
} >"$dir/body"
send '/customers' -X POST -H 'authorization: Basic '"$API_KEY" -H 'content-type: application/x-www-form-urlencoded' -H 'Expect:' --data-binary @"$dir/body"
said 'object_reference_id/unique' 'a refusal of the second create' '200'

exit "$unanswered"
