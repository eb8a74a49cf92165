#!/usr/bin/env bash
# A Visionline client in openssl and curl, against `innkeep sim`.
# SIM_ENDPOINT and SIM_FINGERPRINT are what the simulator printed.
set -euo pipefail
api=${SIM_ENDPOINT:-https://127.0.0.1:8443}
certificate=$(mktemp)
trap 'rm -f "$certificate"' EXIT

# The certificate signed itself: take it once its fingerprint is the one that was printed.
openssl s_client -connect "${api#*://}" </dev/null 2>/dev/null | openssl x509 >"$certificate"
shown=$(openssl x509 -in "$certificate" -noout -fingerprint -sha256)
[[ ${shown#*=} == "${SIM_FINGERPRINT:?}" ]] || { echo "another certificate: $shown" >&2; exit 1; }

http() { curl --silent --show-error --fail-with-body --cacert "$certificate" "$@"; }
member() { sed -E "s/.*\"$1\": ?\"?([^\",}]*).*/\1/"; }
md5() { printf %s "$1" | openssl dgst -md5 -binary | openssl base64; }

type='application/json;charset=utf-8'

# A session: the one request without a signature.
body='{"username":"sym","password":"sym"}'
session=$(http "$api/api/v1/sessions" --data-binary "$body" \
  -H "Content-Type: $type" -H "Content-MD5: $(md5 "$body")")
id=$(member id <<<"$session") key=$(member accessKey <<<"$session")

# signed VERB TARGET [BODY]: verb, digest, type, date and target, a line feed between each.
signed() {
  local verb=$1 target=$2 body=${3-} date digest='' with=''
  date=$(LC_ALL=C date -u '+%a, %d %b %Y %H:%M:%S GMT')
  [[ -z $body ]] || { digest=$(md5 "$body"); with=$type; }
  local signature
  signature=$(printf '%s\n%s\n%s\n%s\n%s' "$verb" "$digest" "$with" "$date" "$target" |
    openssl dgst -sha1 -hmac "$key" -binary | openssl base64)
  http -X "$verb" "$api$target" -H "Date: $date" -H "Authorization: AWS $id:$signature" \
    ${body:+-H "Content-Type: $type" -H "Content-MD5: $digest" --data-binary "$body"}
}

# A guest's phone: the tenant invites it, the guest types the code in.
code=$(http -u jane:1234 "$api/endpoint/invitation" --data-binary '{"endpointId":"ada"}' \
  -H 'Content-Type: application/vnd.assaabloy-com.credential-2.4+json' | member invitationCode)
http -o /dev/null "$api/control/v1/phones/redeem" --data-binary "{\"invitation_code\":\"$code\"}"

# A mobile key for room 101, from now until noon of the day after tomorrow.
card=$(signed POST '/api/v1/cards?action=mobileAccess&override=true' '{"format":"rfid48","endPointID":"ada",
  "expireTime":"'"$(date -d '2 days' +%Y%m%d)"'T1200","label":"%ROOMNUM% - %SITENAME%",
  "doorOperations":[{"doors":["101"],"operation":"guest"}]}')
echo "credential $(member credentialID <<<"$card")"
signed DELETE "/api/v1/sessions/$id"

# Hold the phone to two doors.
for door in 101 102; do
  verdict=$(http "$api/control/v1/doors/$door/present" --data-binary '{"endpoint_id":"ada"}')
  echo "$door opened=$(member opened <<<"$verdict") $(member reason <<<"$verdict") $(member code <<<"$verdict")"
done
