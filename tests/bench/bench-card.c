// SPDX-License-Identifier: Apache-2.0
// Card on the reader to verified identity: commands and time, on pcscd, vpcd and the virtual card;
// beside it OpenSC's pkcs15-tool on the same card. Runs inside `tests/isolated with-world --cards
// --ocsp`.
//
// "own" is the wall time of the flow less what passed inside PC/SC (connecting and commands):
// parsing, path, revocation by CRL, checking the signature, the evidence.
#include <md-pcsc.h>
#include <ward.h>

#include <gio/gunixsocketaddress.h>
#include <string.h>

#define RUNS 31

static char *
hand (const char *order)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = ward_path ("run", "vcard-resident.sock", NULL);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocketConnection) connection
      = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
  if (connection == NULL)
    g_error ("%s", error->message);
  g_autofree char *line = g_strconcat (order, "\n", NULL);
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  if (!g_output_stream_write_all (output, line, strlen (line), NULL, NULL, &error))
    g_error ("%s", error->message);
  g_autoptr (GDataInputStream) input
      = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  char *answer = g_data_input_stream_read_line (input, NULL, NULL, &error);
  if (answer == NULL || !g_str_has_prefix (answer, "ok"))
    g_error ("%s: %s", order, answer != NULL ? answer : "no answer");
  return answer;
}

static guint
commands (void)
{
  g_autofree char *answer = hand ("count");
  return (guint)g_ascii_strtoull (answer + 3, NULL, 10);
}

static void
put_in (const char *card)
{
  g_autofree char *path = ward_path ("cards", card, NULL);
  g_autofree char *order = g_strconcat ("insert ", path, NULL);
  g_autofree char *answer = hand (order);
  for (int i = 0; i < 200; i++)
    {
      g_autofree char *status = hand ("status");
      if (strstr (status, "taken=yes") != NULL)
        return;
      g_usleep (20000);
    }
  g_error ("the reader does not take the card");
}

static MdCardConnection *
open_card (MdPcscBackend *backend)
{
  g_autoptr (GError) error = NULL;
  MdCardConnection *connection
      = md_card_connection_open (MD_CARD_BACKEND (backend), WARD_RESIDENT_READER, NULL, &error);
  if (connection == NULL)
    g_error ("%s", error->message);
  return connection;
}

// Commands to read the authentication certificate and nothing else.
static guint
our_certificate (MdPcscBackend *backend)
{
  g_autoptr (GError) error = NULL;
  guint before = commands ();
  g_autoptr (MdCardConnection) connection = open_card (backend);
  g_autoptr (MdMyNumberCard) card = md_mynumber_card_new (connection, NULL, &error);
  g_autoptr (GBytes) der
      = card != NULL
            ? md_mynumber_card_read_certificate (card, MD_CARD_CERTIFICATE_AUTH, NULL, &error)
            : NULL;
  if (der == NULL)
    g_error ("%s", error->message);
  return commands () - before;
}

static guint
their_certificate (void)
{
  g_autoptr (GError) error = NULL;
  guint before = commands ();
  g_autoptr (GSubprocess) tool
      = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                          &error, "pkcs15-tool", "--reader", "0", "--read-certificate", "01", NULL);
  if (tool == NULL || !g_subprocess_wait_check (tool, NULL, &error))
    g_error ("pkcs15-tool: %s", error->message);
  return commands () - before;
}

typedef struct
{
  double wall;
  double card;
  guint commands;
} Sample;

static Sample
identify_once (MdPcscBackend *backend, MdIdentifier *identifier)
{
  g_autoptr (GError) error = NULL;
  MdIdentifyRequest request = ward_request (NULL, NULL);
  gint64 start = g_get_monotonic_time ();
  g_autoptr (MdCardConnection) connection = open_card (backend);
  g_autoptr (MdIdentityProof) proof
      = md_identifier_identify (identifier, connection, &request, NULL, &error);
  if (proof == NULL || md_identity_proof_get_verdict (proof) != MD_IDENTITY_VALID)
    g_error ("not valid: %s",
             error != NULL ? error->message : md_identity_proof_get_detail (proof));
  g_autoptr (MdSecret) evidence = md_identity_proof_encode (proof);
  gint64 wall = g_get_monotonic_time () - start;
  gint64 card = md_card_connection_get_card_usec (connection);
  Sample sample = { .wall = (double)wall / 1000,
                    .card = (double)card / 1000,
                    .commands = md_card_connection_get_exchanges (connection) };
  ward_request_clear (&request);
  return sample;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  const double *one = a;
  const double *other = b;
  return (*one > *other) - (*one < *other);
}

static double
median (double *values, gsize count)
{
  qsort (values, count, sizeof *values, compare_doubles);
  return values[count / 2];
}

static void
measure (MdPcscBackend *backend, WardRevocation how, const char *name)
{
  double wall[RUNS];
  double card[RUNS];
  double own[RUNS];
  guint number = 0;
  g_autoptr (MdTrust) trust = ward_trust (TRUE);
  g_autoptr (MdRevocation) revocation = ward_revocation (how);
  md_revocation_set_ocsp_enabled (revocation, how == WARD_OCSP);
  g_autoptr (MdIdentifier) identifier
      = md_identifier_new (trust, revocation, md_clock_get_system ());
  (void)identify_once (backend, identifier);
  for (gsize i = 0; i < RUNS; i++)
    {
      Sample sample = identify_once (backend, identifier);
      wall[i] = sample.wall;
      card[i] = sample.card;
      own[i] = sample.wall - sample.card;
      number = sample.commands;
    }
  g_print ("card: identification with %s: %u commands, %.1f ms (card %.1f ms, own %.1f ms), "
           "medians of %d\n",
           name, number, median (wall, RUNS), median (card, RUNS), median (own, RUNS), RUNS);
}

int
main (void)
{
  g_autoptr (MdPcscBackend) backend = md_pcsc_backend_new ();
  put_in ("tanaka");
  guint ours = our_certificate (backend);
  guint theirs = their_certificate ();
  g_print ("card: authentication certificate: %u commands, pkcs15-tool %u, ratio %.2f\n", ours,
           theirs, (double)ours / theirs);
  measure (backend, WARD_CRL, "CRL");
  measure (backend, WARD_OCSP, "OCSP");
  return 0;
}
