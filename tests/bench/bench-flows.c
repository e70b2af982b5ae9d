// SPDX-License-Identifier: Apache-2.0
// Every conversation with the resident's card as the window has it, with a memory of the card and
// with what proves its issuer, on pcscd, vpcd and the virtual card: commands, time, and what of it
// is our own. Then with a card that takes SLOW_MS for each command, since the virtual one is
// quicker than any: all of it beside the sum of the card's own answers; and, where OpenSC has a
// tool for the same work, beside that. Runs inside `tests/isolated with-world --cards`.
//   --counts  the commands alone, which are the same on every machine: the test card-commands
//   --one N   one conversation and no more: what is set beside OpenSC's program
#include "bench-reader.h"

#define PERSON "tanaka" // whose secrets are below: tests/vcard/personas/tanaka.json
#define SLOW_MS 10u     // a quick card on a good reader
#define SLOW_RUNS 11
#define OWN_BAR_MS 5.0
#define SHARE_BAR 0.1  // own time beside the time inside PC/SC
#define OPENSC_BAR 0.5 // commands
#define OPENSC_TIME_BAR 1.0
#define CERTIFICATE_ALONE 255 // no flow: certificates are free to read

static const struct
{
  const char *name;
  guint flow; // MdCardFlow
  MdCardPin pin;
  const char *secret;
  const char *theirs[16]; // OpenSC's command for the same work; empty: it has none
} rows[] = {
  { "authentication certificate",
    CERTIFICATE_ALONE,
    MD_CARD_PIN_AUTH,
    NULL,
    { "pkcs15-tool", "--reader", "0", "--read-certificate", "01", NULL } },
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

// Returns the certificate's size.
static gsize
read_certificate (MdCardConnection *connection)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdMyNumberCard) card = md_mynumber_card_new (connection, NULL, &error);
  g_autoptr (GBytes) der
      = card != NULL
            ? md_mynumber_card_read_certificate (card, MD_CARD_CERTIFICATE_AUTH, NULL, &error)
            : NULL;
  if (der == NULL)
    g_error ("%s", error->message);
  return g_bytes_get_size (der);
}

static void
run_flow (MdCardConnection *connection, gsize row)
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
  g_autoptr (MdCardFlowResult) result
      = md_card_flow_run ((MdCardFlow)rows[row].flow, connection, &request, NULL, &error);
  if (result == NULL)
    g_error ("%s: %s", rows[row].name, error->message);
}

// From connecting to the last answer. (transfer full)
static MdCardConnection *
converse (MdPcscBackend *backend, MdCardMemory *memory, gsize row)
{
  MdCardConnection *connection = bench_open (backend);
  md_card_connection_set_memory (connection, memory);
  if (rows[row].flow == CERTIFICATE_ALONE)
    (void)read_certificate (connection);
  else
    run_flow (connection, row);
  return connection;
}

static BenchSample
run_once (MdPcscBackend *backend, MdCardMemory *memory, gsize row)
{
  BenchCard before = bench_card ();
  gint64 start = g_get_monotonic_time ();
  g_autoptr (MdCardConnection) connection = converse (backend, memory, row);
  gint64 wall = g_get_monotonic_time () - start;
  gint64 pcsc = md_card_connection_get_card_usec (connection);
  BenchSample sample = bench_since (&before, (double)wall / 1000, (double)pcsc / 1000);
  g_assert_cmpuint (sample.commands, ==, md_card_connection_get_exchanges (connection));
  return sample;
}

// COMMANDS of ours for the certificate, beside what no reader can do without: the application, the
// file, and a command for each 256 bytes.
static void
hold_to_floor (MdPcscBackend *backend, guint commands)
{
  g_autoptr (MdCardConnection) connection = bench_open (backend);
  guint floor = 2 + (guint)((read_certificate (connection) + 255) / 256);
  g_print (", the fewest possible %u", floor);
  bench_hold ("flows: commands for the certificate", commands, floor + 1);
}

static void
hold_commands (gsize row, guint ours, guint theirs)
{
  double ratio = (double)ours / theirs;
  g_print (", %s %u commands, ratio %.2f", rows[row].theirs[0], theirs, ratio);
  bench_hold ("flows: commands against OpenSC's", ratio, OPENSC_BAR);
}

static void
count (MdPcscBackend *backend, gsize row)
{
  g_autoptr (MdCardMemory) memory = md_card_memory_new ();
  guint commands = run_once (backend, memory, row).commands;
  g_print ("flows: %s: %u commands", rows[row].name, commands);
  if (rows[row].flow == CERTIFICATE_ALONE)
    hold_to_floor (backend, commands);
  if (rows[row].theirs[0] != NULL)
    hold_commands (row, commands, bench_program (rows[row].theirs).commands);
  g_print ("\n");
}

static void
print_time (gsize row, const BenchMedians *m)
{
  g_print ("flows: %s: %u commands, %.2f ms: inside PC/SC %.2f ms, of which the card's answers "
           "%.2f ms; own %.2f ms, %.3f of PC/SC\n",
           rows[row].name, m->commands, m->wall_ms, m->pcsc_ms, m->card_ms, m->own_ms,
           m->own_ms / m->pcsc_ms);
  bench_hold ("flows: own milliseconds", m->own_ms, OWN_BAR_MS);
  bench_hold ("flows: own share", m->own_ms / m->pcsc_ms, SHARE_BAR);
}

// Beside a card of the speed of cards: what all of it takes, in the card's own answers.
static void
measure_slow (MdPcscBackend *backend, gsize row)
{
  BenchSample samples[SLOW_RUNS];
  g_autoptr (MdCardMemory) memory = md_card_memory_new ();
  for (gsize i = 0; i < SLOW_RUNS; i++)
    samples[i] = run_once (backend, memory, row);
  BenchMedians m = bench_medians (samples, SLOW_RUNS);
  g_print ("flows: %s, %u ms a command: %.1f ms, the card's answers %.1f ms, ratio %.2f\n",
           rows[row].name, SLOW_MS, m.wall_ms, m.card_ms, m.wall_ms / m.card_ms);
}

// Both as programs, from start to end, by turns, so that both see the same machine.
static void
measure_programs (gsize row)
{
  BenchSample ours[SLOW_RUNS];
  BenchSample theirs[SLOW_RUNS];
  g_autofree char *number = g_strdup_printf ("%zu", row);
  const char *const program[] = { "/proc/self/exe", "--one", number, NULL };
  for (gsize i = 0; i < SLOW_RUNS; i++)
    {
      ours[i] = bench_program (program);
      theirs[i] = bench_program (rows[row].theirs);
    }
  BenchMedians our = bench_medians (ours, SLOW_RUNS);
  BenchMedians their = bench_medians (theirs, SLOW_RUNS);
  double ratio = our.wall_ms / their.wall_ms;
  g_print ("flows: %s, %u ms a command, as programs: %u commands, %.1f ms; %s %u commands, "
           "%.1f ms; ratio %.2f of the commands, %.2f of the time\n",
           rows[row].name, SLOW_MS, our.commands, our.wall_ms, rows[row].theirs[0], their.commands,
           their.wall_ms, (double)our.commands / their.commands, ratio);
  bench_hold ("flows: commands against OpenSC's", (double)our.commands / their.commands,
              OPENSC_BAR);
  bench_hold ("flows: time against OpenSC's", ratio, OPENSC_TIME_BAR);
}

static void
measure (MdPcscBackend *backend, gsize row)
{
  BenchSample samples[BENCH_RUNS];
  g_autoptr (MdCardMemory) memory = md_card_memory_new ();
  (void)run_once (backend, memory, row);
  for (gsize i = 0; i < BENCH_RUNS; i++)
    samples[i] = run_once (backend, memory, row);
  BenchMedians medians = bench_medians (samples, BENCH_RUNS);
  print_time (row, &medians);
}

static void
measure_all (MdPcscBackend *backend)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    measure (backend, i);
  bench_slow (SLOW_MS);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      measure_slow (backend, i);
      if (rows[i].theirs[0] != NULL)
        measure_programs (i);
    }
}

int
main (int argc, char **argv)
{
  gboolean counts = argc > 1 && g_str_equal (argv[1], "--counts");
  guint64 row = G_N_ELEMENTS (rows);
  g_autoptr (MdPcscBackend) backend = md_pcsc_backend_new ();
  if (argc > 2 && g_str_equal (argv[1], "--one")
      && g_ascii_string_to_unsigned (argv[2], 10, 0, G_N_ELEMENTS (rows) - 1, &row, NULL))
    {
      g_autoptr (MdCardMemory) memory = md_card_memory_new ();
      g_autoptr (MdCardConnection) connection = converse (backend, memory, row);
      return 0;
    }
  bench_put_in (PERSON);
  for (gsize i = 0; counts && i < G_N_ELEMENTS (rows); i++)
    count (backend, i);
  if (!counts)
    measure_all (backend);
  return bench_hold ("", 0, 0);
}
