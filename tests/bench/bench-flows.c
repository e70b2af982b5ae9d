// SPDX-License-Identifier: Apache-2.0
// Every conversation with the resident's card as the window has it, with a memory of the card and
// with what proves its issuer, on pcscd, vpcd and the virtual card: commands, time, and how much of
// it is our own; beside them OpenSC's tools on the same card, where it has one for the same work.
// With --counts the commands alone, which are the same on every machine: the test card-commands.
// Runs inside `tests/isolated with-world --cards`.
#include "bench-reader.h"

#define PERSON "tanaka" // whose secrets are below: tests/vcard/personas/tanaka.json
#define OWN_BAR_MS 5.0
#define OPENSC_BAR 0.5
#define SHARE_BAR 0.1 // own time beside the time inside PC/SC

static const struct
{
  const char *name;
  MdCardFlow flow;
  MdCardPin pin;
  const char *secret;
  const char *theirs[16]; // OpenSC's command for the same work; empty: it has none
} rows[] = {
  { "attributes by PIN", MD_CARD_FLOW_ATTRIBUTES, MD_CARD_PIN_TEXT, "2345", { NULL } },
  { "individual number by PIN", MD_CARD_FLOW_NUMBER, MD_CARD_PIN_TEXT, "2345", { NULL } },
  { "individual number by reference A",
    MD_CARD_FLOW_NUMBER,
    MD_CARD_PIN_TEXT_A,
    "123456789018",
    { NULL } },
  { "card face by reference A", MD_CARD_FLOW_FACE, MD_CARD_PIN_FACE_A, "123456789018", { NULL } },
  { "authentication",
    MD_CARD_FLOW_AUTHENTICATE,
    MD_CARD_PIN_AUTH,
    "1234",
    { "pkcs11-tool", "--sign", "--mechanism", "SHA256-RSA-PKCS", "--login", "--pin", "1234", "--id",
      "01", "--input-file", "/etc/debian_version", NULL } },
  { "signature",
    MD_CARD_FLOW_SIGN,
    MD_CARD_PIN_SIGN,
    "AOZORA1",
    { "pkcs11-tool", "--sign", "--mechanism", "SHA256-RSA-PKCS", "--token-label",
      "JPKI (Digital Signature PIN)", "--login", "--pin", "AOZORA1", "--id", "02", "--input-file",
      "/etc/debian_version", NULL } },
};

static BenchSample
run_once (MdPcscBackend *backend, MdCardMemory *memory, gsize row)
{
  static const guint8 digest[32] = { 1 };
  g_autoptr (GError) error = NULL;
  g_autoptr (MdSecret) typed = md_secret_new_from_text (rows[row].secret);
  g_autoptr (MdSecret) secret = md_card_pin_prepare (rows[row].pin, typed, NULL, &error);
  g_assert_no_error (error);
  const MdCardFlowRequest request = { .pin = rows[row].pin,
                                      .secret = secret,
                                      .with_issuer = TRUE,
                                      .profile = md_card_profile_find ("rsa-2048"),
                                      .digest = digest };
  gint64 start = g_get_monotonic_time ();
  g_autoptr (MdCardConnection) connection = bench_open (backend);
  md_card_connection_set_memory (connection, memory);
  g_autoptr (MdCardFlowResult) result
      = md_card_flow_run (rows[row].flow, connection, &request, NULL, &error);
  gint64 wall = g_get_monotonic_time () - start;
  if (result == NULL)
    g_error ("%s: %s", rows[row].name, error->message);
  gint64 card = md_card_connection_get_card_usec (connection);
  guint commands = md_card_connection_get_exchanges (connection);
  return (BenchSample){ (double)wall / 1000, (double)card / 1000, commands };
}

// COMMANDS of ours against those of OpenSC's tool; "" where it has none. (transfer full)
static char *
compare_commands (gsize row, guint commands)
{
  if (rows[row].theirs[0] == NULL)
    return g_strdup ("");
  guint theirs = bench_commands_of (rows[row].theirs);
  double ratio = (double)commands / theirs;
  bench_hold ("flows: commands against OpenSC's", ratio, OPENSC_BAR);
  return g_strdup_printf (", %s %u commands, ratio %.2f", rows[row].theirs[0], theirs, ratio);
}

static void
count_flow (MdPcscBackend *backend, gsize row)
{
  g_autoptr (MdCardMemory) memory = md_card_memory_new ();
  guint commands = run_once (backend, memory, row).commands;
  g_autofree char *theirs = compare_commands (row, commands);
  g_print ("flows: %s: %u commands%s\n", rows[row].name, commands, theirs);
}

static void
measure_flow (MdPcscBackend *backend, gsize row)
{
  BenchSample samples[BENCH_RUNS];
  g_autoptr (MdCardMemory) memory = md_card_memory_new ();
  (void)run_once (backend, memory, row);
  for (gsize i = 0; i < BENCH_RUNS; i++)
    samples[i] = run_once (backend, memory, row);
  BenchMedians m = bench_medians (samples);
  g_autofree char *theirs = compare_commands (row, m.commands);
  g_print ("flows: %s: %u commands, %.1f ms (PC/SC %.1f ms, own %.2f ms), own share %.2f%s\n",
           rows[row].name, m.commands, m.wall_ms, m.card_ms, m.own_ms, m.own_ms / m.card_ms,
           theirs);
  bench_hold ("flows: own milliseconds", m.own_ms, OWN_BAR_MS);
  bench_hold ("flows: own share", m.own_ms / m.card_ms, SHARE_BAR);
}

// The certificate alone, in commands. Returns its size.
static gsize
read_certificate (MdPcscBackend *backend, guint *out_commands)
{
  g_autoptr (GError) error = NULL;
  guint before = bench_commands ();
  g_autoptr (MdCardConnection) connection = bench_open (backend);
  g_autoptr (MdMyNumberCard) card = md_mynumber_card_new (connection, NULL, &error);
  g_autoptr (GBytes) der
      = card != NULL
            ? md_mynumber_card_read_certificate (card, MD_CARD_CERTIFICATE_AUTH, NULL, &error)
            : NULL;
  if (der == NULL)
    g_error ("%s", error->message);
  *out_commands = bench_commands () - before;
  return g_bytes_get_size (der);
}

// Against OpenSC, and against what no reader can do without: the application, the file, and a
// command for each 256 bytes.
static void
measure_certificate (MdPcscBackend *backend)
{
  static const char *const opensc[]
      = { "pkcs15-tool", "--reader", "0", "--read-certificate", "01", NULL };
  guint ours = 0;
  gsize size = read_certificate (backend, &ours);
  guint floor = 2 + (guint)((size + 255) / 256);
  guint theirs = bench_commands_of (opensc);
  g_print ("flows: authentication certificate: %u commands, floor %u, pkcs15-tool %u, ratio %.2f\n",
           ours, floor, theirs, (double)ours / theirs);
  bench_hold ("flows: commands for the certificate", ours, floor + 1);
  bench_hold ("flows: commands against OpenSC's", (double)ours / theirs, OPENSC_BAR);
}

int
main (int argc, char **argv)
{
  gboolean counts = argc > 1 && g_str_equal (argv[1], "--counts");
  g_autoptr (MdPcscBackend) backend = md_pcsc_backend_new ();
  bench_put_in (PERSON);
  measure_certificate (backend);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      if (counts)
        count_flow (backend, i);
      else
        measure_flow (backend, i);
    }
  return bench_hold ("", 0, 0);
}
