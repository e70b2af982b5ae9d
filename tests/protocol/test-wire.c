// SPDX-License-Identifier: Apache-2.0
#include <md-protocol.h>

#define ID "0193a5a0-1c2d-7e3f-8a4b-5c6d7e8f9a0b"
#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define UPLOAD "/v1/intakes/" ID "/uploads/" DIGEST

static void
test_paths_round_trip (void)
{
  const MdTarget targets[] = {
    { .route = MD_ROUTE_INTAKE, .intake = ID, .n = 1 },
    { .route = MD_ROUTE_DECISION, .intake = ID, .n = 2 },
    { .route = MD_ROUTE_DECISION, .intake = ID, .n = 99 },
    { .route = MD_ROUTE_POLICY },
    { .route = MD_ROUTE_HEALTH },
    { .route = MD_ROUTE_METRICS },
    { .route = MD_ROUTE_OCSP },
    { .route = MD_ROUTE_NUMBERS },
    { .route = MD_ROUTE_RENEWAL },
    { .route = MD_ROUTE_CRL, .name = "jpki-auth.crl" },
    { .route = MD_ROUTE_NOTICE, .notice = 1 },
    { .route = MD_ROUTE_NOTICE, .notice = 999999999 },
    { .route = MD_ROUTE_LETTER, .name = "001-000001-6" },
    { .route = MD_ROUTE_INBOX, .name = "139998" },
    { .route = MD_ROUTE_INBOX, .name = "139998", .offset = MD_WIRE_MAX_CURSOR, .wait = 50 },
    { .route = MD_ROUTE_UPLOAD, .intake = ID, .n = 1, .name = DIGEST },
    { .route = MD_ROUTE_CHUNK, .intake = ID, .n = 1, .name = DIGEST },
    { .route = MD_ROUTE_CHUNK, .intake = ID, .n = 1, .name = DIGEST, .offset = 33554431 },
    { .route = MD_ROUTE_FINISH, .intake = ID, .n = 1, .name = DIGEST },
  };

  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      g_autofree char *path = md_target_format (&targets[i]);
      MdTarget back = { .route = MD_ROUTE_HEALTH };

      g_assert_true (md_target_parse (path, &back));
      g_assert_cmpint (back.route, ==, targets[i].route);
      g_assert_cmpstr (back.intake, ==, targets[i].intake);
      g_assert_cmpuint (back.n, ==, targets[i].n);
      g_assert_cmpstr (back.name, ==, targets[i].name);
      g_assert_cmpuint (back.notice, ==, targets[i].notice);
      g_assert_cmpuint (back.offset, ==, targets[i].offset);
      g_assert_cmpuint (back.wait, ==, targets[i].wait);
    }
}

/* What is no path of ours. */
static const char *const bad[] = {
  "",
  "/",
  "/v1",
  "/v1/intakes",
  "/v1/intakes/",
  "/v1/intakes/" ID "/",
  "/v1/intakes/" ID "?",
  "/v1/offices/139998/inbox",
  "/v1/offices//inbox?after=0&wait=0",
  "/v1/offices/139998/inbox?after=0&wait=51",
  "/v1/offices/139998/inbox?after=00&wait=0",
  "/v1/offices/139998/inbox?after=0&wait=0&",
  "/v1/offices/139998/inbox?wait=0&after=0",
  "/v1/offices/139998/inbox?after=18446744073709551616&wait=0",
  "/v1/offices/1399%3898/inbox?after=0&wait=0",
  "/v1/intakes/" ID "x",
  "/v1//intakes/" ID,
  "//v1/intakes/" ID,
  "/V1/intakes/" ID,
  "/v1/intakes/0193A5A0-1C2D-7E3F-8A4B-5C6D7E8F9A0B",
  "/v1/intakes/0193a5a0-1c2d-4e3f-8a4b-5c6d7e8f9a0b", /* version 4 */
  "/v1/intakes/0193a5a0-1c2d-7e3f-ca4b-5c6d7e8f9a0b", /* other variant */
  "/v1/intakes/0193a5a0%2d1c2d-7e3f-8a4b-5c6d7e8f9a0b",
  "/v1/intakes/../intakes/" ID,
  "/v1/intakes/" ID "/decisions",
  "/v1/intakes/" ID "/decisions/",
  "/v1/intakes/" ID "/decisions/0",
  "/v1/intakes/" ID "/decisions/1",
  "/v1/intakes/" ID "/decisions/02",
  "/v1/intakes/" ID "/decisions/+2",
  "/v1/intakes/" ID "/decisions/2 ",
  "/v1/intakes/" ID "/decisions/2/",
  "/v1/intakes/" ID "/decisions/100",
  "/v1/intakes/" ID "/decisions/4294967298",
  "/v1/intakes/" ID "/uploads",
  "/v1/intakes/" ID "/uploads/",
  "/v1/intakes/" ID "/uploads/abc",
  UPLOAD "0",
  UPLOAD "/",
  UPLOAD "/00",
  UPLOAD "/01",
  UPLOAD "/+1",
  UPLOAD "/-1",
  UPLOAD "/ 1",
  UPLOAD "/1/",
  UPLOAD "/33554432",
  UPLOAD "/18446744073709551616",
  UPLOAD "/finish/",
  UPLOAD "/Finish",
  "/v1/intakes/" ID "/uploads/0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef",
  "/v1/policy/",
  "/v1/policy?x",
  "/healthz/",
  "/metrics#",
  "/v1/ocsp/",
  "/v1/numbers/",
  "/v1/numbers/1",
  "/v1/crls/",
  "/v1/crls/{name}", /* how openapi.yaml spells the place of a name */
  "/v1/crls/a/b",
  "/v1/letters",
  "/v1/letters/",
  "/v1/letters/001-000001-7", /* its check digit */
  "/v1/letters/0010000016",
  "/v1/letters/001-000001-6/",
  "/v1/letters/%30%30%31-000001-6",
  "/v1/notices",
  "/v1/notices/",
  "/v1/notices/0",
  "/v1/notices/01",
  "/v1/notices/+1",
  "/v1/notices/1/",
  "/v1/notices/1000000000",
  "https://gateway/v1/policy",
};

static void
test_paths_have_one_spelling (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      MdTarget target = { .route = MD_ROUTE_HEALTH, .n = 7 };
      if (md_target_parse (bad[i], &target))
        g_error ("taken: %s", bad[i]);
      g_assert_cmpuint (target.n, ==, 7);
    }
}

static void
test_items (void)
{
  g_autofree char *intake = md_item_format (1);
  g_autofree char *decision = md_item_format (12);

  g_assert_cmpstr (intake, ==, "intake");
  g_assert_cmpstr (decision, ==, "decision/12");
  g_assert_cmpuint (md_item_parse (intake), ==, 1);
  g_assert_cmpuint (md_item_parse (decision), ==, 12);
  g_assert_cmpuint (md_item_parse ("decision/1"), ==, 0);
  g_assert_cmpuint (md_item_parse ("decision/012"), ==, 0);
  g_assert_cmpuint (md_item_parse ("Intake"), ==, 0);
  g_assert_cmpuint (md_item_parse (NULL), ==, 0);
}

static void
test_digest_of_rfc_9530 (void)
{
  /* RFC 9530, appendix D: {"hello": "world"} and a line feed. */
  g_autoptr (GBytes) body = g_bytes_new_static ("{\"hello\": \"world\"}\n", 19);
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);
  g_autofree char *value = md_content_digest_format (body);
  g_autofree char *empty = md_content_digest_format (nothing);

  g_assert_cmpstr (value, ==, "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:");
  g_assert_cmpstr (empty, ==, "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:");
  g_assert_cmpint (md_content_digest_check (value, body), ==, MD_CONTENT_DIGEST_MATCH);
  g_assert_cmpint (md_content_digest_check (value, nothing), ==, MD_CONTENT_DIGEST_MISMATCH);
}

static void
test_digest_header_forms (void)
{
#define GOOD "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"
  const struct
  {
    const char *value;
    MdContentDigest verdict;
  } cases[] = {
    { NULL, MD_CONTENT_DIGEST_MISSING },
    { "", MD_CONTENT_DIGEST_MALFORMED },
    { "sha-512=:AAAA:, " GOOD, MD_CONTENT_DIGEST_MATCH },
    { GOOD ",\tid-sha=:AA==:", MD_CONTENT_DIGEST_MATCH },
    { "sha-512=:AAAA:", MD_CONTENT_DIGEST_UNSUPPORTED },
    { "SHA-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:", MD_CONTENT_DIGEST_MALFORMED },
    { GOOD ", " GOOD, MD_CONTENT_DIGEST_MALFORMED },
    { GOOD ",", MD_CONTENT_DIGEST_MALFORMED },
    { GOOD ";x", MD_CONTENT_DIGEST_MALFORMED },
    { "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg", MD_CONTENT_DIGEST_MALFORMED },
    { "sha-256=RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=", MD_CONTENT_DIGEST_MALFORMED },
    { "sha-256=::", MD_CONTENT_DIGEST_MISMATCH },
    { "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDh=:", MD_CONTENT_DIGEST_MISMATCH },
  };
  g_autoptr (GBytes) body = g_bytes_new_static ("{\"hello\": \"world\"}\n", 19);
  g_autofree char *endless = g_strnfill (1u << 20, 'a');

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    if (md_content_digest_check (cases[i].value, body) != cases[i].verdict)
      g_error ("another verdict on: %s", cases[i].value);
  g_assert_cmpint (md_content_digest_check (endless, body), ==, MD_CONTENT_DIGEST_MALFORMED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/protocol/wire/paths-round-trip", test_paths_round_trip);
  g_test_add_func ("/protocol/wire/paths-have-one-spelling", test_paths_have_one_spelling);
  g_test_add_func ("/protocol/wire/items", test_items);
  g_test_add_func ("/protocol/wire/digest-of-rfc-9530", test_digest_of_rfc_9530);
  g_test_add_func ("/protocol/wire/digest-header-forms", test_digest_header_forms);
  return g_test_run ();
}
