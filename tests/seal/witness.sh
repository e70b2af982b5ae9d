#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# witness.sh MAKE-CONTAINER: a container of ours, taken apart by programs that know nothing of us: unzip, sha256sum,
# xmllint, openssl. What must fail is tried too, so that a tool which accepts everything shows up.
set -eu
make_container=$(realpath "$1")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

step() { echo "witness: $*"; }
refused() { if "$@" >refused.log 2>&1; then echo "witness: this should have failed: $*" >&2; exit 1; fi; }

step "a staff authority, a clerk, a supervisor, a business key, a vault key"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj '/C=JP/O=Aozora Ward/CN=Staff CA' \
  -addext 'keyUsage=critical,keyCertSign,cRLSign' -keyout ca.key -out ca.crt 2>/dev/null
issue() { # NAME KEYUSAGE
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/C=JP/O=Aozora Ward/CN=$1/serialNumber=$1" \
    -keyout "$1.key" -out request.csr 2>/dev/null
  printf 'keyUsage=critical,%s\nbasicConstraints=critical,CA:FALSE\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n' \
    "$2" > ext.cnf
  openssl x509 -req -in request.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 30 -extfile ext.cnf -out "$1.crt" 2>/dev/null
}
issue S0001 digitalSignature,nonRepudiation
issue S0101 digitalSignature,nonRepudiation
issue business keyAgreement
issue vault keyAgreement
printf '{"schema":"madoguchi-application/1","values":{"p.name":"見本 太郎"}}' > application.json
printf '{"schema":"madoguchi-number/1","values":{"p.mynum":"123456789018"}}' > number.json

step "the container, sealed by S0001 and approved by S0101"
"$make_container" --clerk S0001 --officer S0101 --business business.crt --business S0101.crt --vault vault.crt \
  --application application.json --number number.json --out intake.asice

step "it is what it says it is, and every entry is stored"
test "$(head -c 69 intake.asice | tail -c 39)" = 'mimetypeapplication/vnd.etsi.asic-e+zip'
unzip -tqq intake.asice
test "$(unzip -Z1 intake.asice | head -1)" = mimetype
test "$(unzip -Z intake.asice | awk '$6 == "stor"' | wc -l)" = "$(unzip -Z1 intake.asice | wc -l)"
unzip -q intake.asice -d x
cd x
test "$(cat mimetype)" = 'application/vnd.etsi.asic-e+zip'
refused grep -rq -e 見本 -e 123456789018 .

step "each part has the digest that manifest.json names"
tr '{' '\n' < manifest.json | sed -n 's/.*"name":"\([^"]*\)","sha256":"\([0-9a-f]*\)".*/\2  \1/p' > ../parts.sha256
test "$(grep -c . ../parts.sha256)" = 2
sha256sum --check --strict --quiet ../parts.sha256

step "each ASiC manifest has the digests of the entries that it names, and names all it must"
check_asic() { # NNN NUMBER-OF-ENTRIES
  xml=META-INF/ASiCManifest$1.xml
  count=$(xmllint --xpath 'count(//*[local-name()="DataObjectReference"])' "$xml")
  test "$count" = "$2"
  test "$(xmllint --xpath 'string(//*[local-name()="SigReference"]/@URI)' "$xml")" = "META-INF/signature$1.p7s"
  for i in $(seq "$count"); do
    at="//*[local-name()='DataObjectReference'][$i]"
    uri=$(xmllint --xpath "string($at/@URI)" "$xml")
    test "$(xmllint --xpath "string($at/*[local-name()='DigestMethod']/@Algorithm)" "$xml")" = \
      http://www.w3.org/2001/04/xmlenc#sha256
    test "$(xmllint --xpath "string($at/*[local-name()='DigestValue'])" "$xml")" = \
      "$(openssl dgst -sha256 -binary "$uri" | base64)"
  done
}
check_asic 001 3
check_asic 002 3

step "openssl verifies both CAdES signatures, by the persons named"
for n in 001 002; do
  openssl cms -verify -cades -binary -inform DER -in "META-INF/signature$n.p7s" -content "META-INF/ASiCManifest$n.xml" \
    -CAfile ../ca.crt -purpose any -signer "../signer$n.crt" -out /dev/null 2>/dev/null
done
cmp ../signer001.crt ../S0001.crt
cmp ../signer002.crt ../S0101.crt
grep -q '"officer":"S0101"' decision002.json

step "openssl refuses them over anything else"
sed 's/application/Application/' META-INF/ASiCManifest001.xml > ../other.xml
refused openssl cms -verify -cades -binary -inform DER -in META-INF/signature001.p7s -content ../other.xml -CAfile ../ca.crt \
  -purpose any -out /dev/null
refused openssl cms -verify -cades -binary -inform DER -in META-INF/signature001.p7s -content META-INF/ASiCManifest002.xml \
  -CAfile ../ca.crt -purpose any -out /dev/null
refused openssl cms -verify -cades -binary -inform DER -in META-INF/signature001.p7s \
  -content META-INF/ASiCManifest001.xml -purpose any -out /dev/null
cp application.cms ../altered.cms
printf 'X' | dd of=../altered.cms bs=1 seek=600 conv=notrunc 2>/dev/null
refused sh -c 'cd .. && sed "s/application.cms/altered.cms/" parts.sha256 | sha256sum --check --strict --quiet'

step "openssl opens the parts, each with its own key and no other"
openssl cms -decrypt -binary -inform DER -in application.cms -recip ../business.crt -inkey ../business.key -out ../opened.json
cmp ../opened.json ../application.json
openssl cms -decrypt -binary -inform DER -in application.cms -recip ../S0101.crt -inkey ../S0101.key -out ../opened.json
cmp ../opened.json ../application.json
openssl cms -decrypt -binary -inform DER -in number.cms -recip ../vault.crt -inkey ../vault.key -out ../opened.json
cmp ../opened.json ../number.json
refused openssl cms -decrypt -binary -inform DER -in number.cms -recip ../business.crt -inkey ../business.key -out ../opened.json
refused openssl cms -decrypt -binary -inform DER -in application.cms -recip ../S0001.crt -inkey ../S0001.key -out ../opened.json
refused openssl cms -decrypt -binary -inform DER -in ../altered.cms -recip ../business.crt -inkey ../business.key -out ../opened.json

step "the algorithms are those that the manifest names"
openssl cms -cmsout -print -noout -inform DER -in application.cms > ../print.txt
for name in id-smime-ct-authEnvelopedData dhSinglePass-stdDH-sha256kdf-scheme id-aes256-wrap aes-256-gcm; do
  grep -q "$name" ../print.txt
done
grep -q '"key_agreement":"dhSinglePass-stdDH-sha256kdf-scheme","key_wrap":"id-aes256-wrap","content":"id-aes256-GCM"' manifest.json
step "agreed"
