// SPDX-License-Identifier: Apache-2.0
#include <md-protocol.h>
#include <string.h>

static void
test_every_code_round_trips (void)
{
  for (guint i = MD_PROBLEM_UNKNOWN + 1; i <= MD_PROBLEM_LAST; i++)
    {
      g_autoptr (MdProblem) problem = md_problem_new ((MdProblemCode)i, "do \"this\"");
      g_autoptr (GBytes) body = md_problem_encode (problem);
      g_autoptr (MdProblem) back = md_problem_decode (problem->status, body);

      g_assert_cmpint (back->code, ==, i);
      g_assert_cmpuint (back->status, ==, md_problem_code_status ((MdProblemCode)i));
      g_assert_cmpstr (back->title, ==, problem->title);
      g_assert_cmpstr (back->detail, ==, "do \"this\"");
      g_assert_cmpint (md_problem_blame (back), ==, md_problem_code_blame ((MdProblemCode)i));
    }
}

static void
test_other_answers_are_unknown (void)
{
  const struct
  {
    guint status;
    const char *body;
  } cases[] = {
    { 502, "<html>Bad Gateway</html>" },
    { 403, "" },
    { 403, "{\"code\":\"no-such-code\"}" },
    { 403, "{\"code\":17}" },
    { 500, "{\"code\":\"same-officer\"}" }, /* ours, but under another status */
    { 302, "{}" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) body = g_bytes_new_static (cases[i].body, strlen (cases[i].body));
      g_autoptr (MdProblem) problem = md_problem_decode (cases[i].status, body);

      g_assert_cmpint (problem->code, ==, MD_PROBLEM_UNKNOWN);
      g_assert_cmpuint (problem->status, ==, cases[i].status);
      g_assert_cmpint (md_problem_blame (problem), ==, MD_BLAME_PASSING);
    }
}

static void
print_limits (void)
{
  g_print ("limit container %u\nlimit decision %u\nlimit receipt %u\nlimit problem %u\n",
           MD_WIRE_MAX_CONTAINER, MD_WIRE_MAX_DECISION, MD_WIRE_MAX_RECEIPT, MD_WIRE_MAX_PROBLEM);
  g_print ("limit policy %u\nlimit headers %u\nlimit first-decision %u\nlimit last-decision %u\n",
           MD_WIRE_MAX_POLICY, MD_WIRE_MAX_HEADERS, MD_WIRE_FIRST_DECISION, MD_WIRE_MAX_DECISIONS);
  g_print ("limit nonce %u\nlimit notice %u\n", MD_WIRE_NONCE_SIZE, MD_WIRE_MAX_NOTICE);
  g_print ("limit letter %u\ntype letter %s\n", MD_WIRE_MAX_LETTER, MD_WIRE_TYPE_LETTER);
  g_print ("limit numbers %u\ntype numbers %s\n", MD_WIRE_MAX_NUMBERS, MD_WIRE_TYPE_NUMBERS);
  g_print ("limit renewal %u\nlimit certificate %u\ntype renewal %s\ntype certificate %s\n",
           MD_WIRE_MAX_RENEWAL, MD_WIRE_MAX_CERTIFICATE, MD_WIRE_TYPE_RENEWAL,
           MD_WIRE_TYPE_CERTIFICATE);
  g_print ("limit inbox %u\nlimit wait %u\ntype inbox %s\n", MD_WIRE_MAX_INBOX, MD_WIRE_MAX_WAIT,
           MD_WIRE_TYPE_INBOX);
  g_print ("limit upload %u\nlimit chunk %u\nlimit least-chunk %u\n", MD_WIRE_MAX_UPLOAD,
           MD_WIRE_MAX_CHUNK, MD_WIRE_MIN_CHUNK);
  g_print ("type chunk %s\ntype upload %s\nheader upload-length %s\n", MD_WIRE_TYPE_CHUNK,
           MD_WIRE_TYPE_UPLOAD, MD_WIRE_HEADER_UPLOAD_LENGTH);
  g_print ("limit ocsp-request %u\nlimit ocsp-response %u\nlimit crl %u\n",
           MD_WIRE_MAX_OCSP_REQUEST, MD_WIRE_MAX_OCSP_RESPONSE, MD_WIRE_MAX_CRL);
  g_print ("type ocsp-request %s\ntype ocsp-response %s\ntype crl %s\n", MD_WIRE_TYPE_OCSP_REQUEST,
           MD_WIRE_TYPE_OCSP_RESPONSE, MD_WIRE_TYPE_CRL);
  g_print (
      "type container %s\ntype decision %s\ntype receipt %s\ntype policy %s\ntype problem %s\n",
      MD_WIRE_TYPE_CONTAINER, MD_WIRE_TYPE_DECISION, MD_WIRE_TYPE_RECEIPT, MD_WIRE_TYPE_POLICY,
      MD_WIRE_TYPE_PROBLEM);
  g_print ("header digest %s\nheader nonce %s\n", MD_WIRE_HEADER_DIGEST, MD_WIRE_HEADER_NONCE);
  g_print ("header policy-refused %s\n", MD_WIRE_HEADER_POLICY_REFUSED);
}

/* What test-openapi.py holds against data/protocol/openapi.yaml. */
static int
print_wire (void)
{
  static const char *const blames[] = { "passing", "item", "line" };

  for (guint i = MD_ROUTE_INTAKE; i <= MD_ROUTE_FINISH; i++)
    g_print ("route %s %s\n", md_route_method ((MdRoute)i), md_route_template ((MdRoute)i));
  for (guint i = MD_PROBLEM_UNKNOWN + 1; i <= MD_PROBLEM_LAST; i++)
    g_print ("problem %s %u %s\n", md_problem_code_name ((MdProblemCode)i),
             md_problem_code_status ((MdProblemCode)i),
             blames[md_problem_code_blame ((MdProblemCode)i)]);
  print_limits ();
  return 0;
}

int
main (int argc, char **argv)
{
  if (argc == 2 && strcmp (argv[1], "--print-wire") == 0)
    return print_wire ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/protocol/problem/every-code-round-trips", test_every_code_round_trips);
  g_test_add_func ("/protocol/problem/other-answers-are-unknown", test_other_answers_are_unknown);
  return g_test_run ();
}
