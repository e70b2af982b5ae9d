// SPDX-License-Identifier: Apache-2.0
/* make-item: makes what a terminal would PUT, with the keys of a test world, for the tests of the
 * wire.
 *
 *   make-item --world DIR --out FILE [options] intake      a container, sealed and signed by
 * --clerk make-item --world DIR --out FILE [options] decision    the body of a decision upon
 * --container, by --officer
 *
 * The plain texts of the parts are files (--application, --number, --evidence). */

#include <gio/gio.h>
#include <md-base.h>
#include <md-identity.h>
#include <md-pki.h>
#include <md-protocol.h>
#include <md-record.h>
#include <md-seal.h>
#include <string.h>

static struct
{
  char *world;
  char *out;
  char *intake;
  char *clerk;
  char *officer;
  char *signer; /* the name under pki/ that signs, where it is not the one named */
  char *role;
  char *kind;
  char *office;
  char *terminal;
  char *procedure;
  char *procedure_version;
  char *receipt_number;
  char *method;     /* of identification */
  char *verdict;    /* of it */
  char *revocation; /* who answered about it */
  char *application;
  char *number;
  char *evidence;
  char *container;
  char *wall;
  char *replaces; /* an intake id */
  char **after;   /* the bodies of the decisions before this one, in their order */
  char *policy_digest;
  char *nonce; /* base64, as the gateway sends it */
  char *nonce_state;
  char *time;     /* of a decision */
  char *releases; /* a file: release.json and its signature in base64, with a blank between, in each
                     line */
  char *named_salt; /* with which the manifest says of whom it is; NULL: it does not */
  char *named_by;   /* the application that it says it by, instead of the one that is sealed */
  char *letter;     /* INTAKE NUMBER DECISION: by which letter of delegation the intake is filed */
  char *allows;     /* PROCEDURE,... FROM TO PRINCIPAL DELEGATE [AMENDS [ended]]: what the approved
                       letter allows */
  char **attachments; /* of each its media type and its file, with a blank between */
  char *received;     /* the day on which it came by post */
  int policy;
  int differences; /* that the officer ticked */
} options;

static MdCertificate *
certificate (const char *name, GError **error)
{
  g_autofree char *path = g_strdup_printf ("%s/pki/%s.crt", options.world, name);

  return md_certificate_new_from_file (path, error);
}

static MdKey *
key (const char *name, GError **error)
{
  g_autofree char *path = g_strdup_printf ("%s/pki/%s.key", options.world, name);

  return md_key_new_from_file (path, NULL, error);
}

static GPtrArray *
recipients (const char *first, GError **error)
{
  g_autoptr (GPtrArray) list
      = g_ptr_array_new_with_free_func ((GDestroyNotify)md_certificate_unref);
  const char *const names[] = { first, "staff/S0101-km" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      MdCertificate *one = certificate (names[i], error);
      if (one == NULL)
        return NULL;
      g_ptr_array_add (list, one);
    }
  return g_steal_pointer (&list);
}

static gboolean
add_part (MdContainerBuilder *builder, const char *name, const char *path, const char *recipient,
          GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (GBytes) plain = NULL;
  g_autoptr (GPtrArray) to = recipients (recipient, error);
  gsize size = 0;

  if (path == NULL)
    return TRUE;
  if (to == NULL || !g_file_get_contents (path, &text, &size, error))
    return FALSE;
  plain = g_bytes_new_take (g_steal_pointer (&text), size);
  return md_container_builder_add_part (builder, name, plain, to, error);
}

static void
set_text (char **field, const char *given, const char *otherwise)
{
  g_free (*field);
  *field = g_strdup (given != NULL ? given : otherwise);
}

/* The digest of the world's policy, unless another is given. */
static char *
policy_digest (void)
{
  g_autofree char *path = g_build_filename (options.world, "policy", "policy.json", NULL);
  g_autofree char *text = NULL;
  gsize size = 0;

  if (options.policy_digest != NULL)
    return g_strdup (options.policy_digest);
  if (!g_file_get_contents (path, &text, &size, NULL))
    return g_strdup ("");
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *)text, size);
}

/* The nonce as the manifest has it. */
static char *
nonce_hex (void)
{
  g_autoptr (GBytes) nonce
      = options.nonce != NULL ? md_base64_decode (options.nonce, 4096, NULL) : NULL;

  return nonce != NULL ? md_hex_encode_bytes (nonce) : g_strdup ("");
}

static MdManifest *
make_manifest (void)
{
  MdManifest *manifest = md_manifest_new ();
  MdClock *clock = md_clock_get_system ();

  set_text (&manifest->intake, options.intake, "");
  set_text (&manifest->receipt_number, options.receipt_number, "001-000001-8");
  set_text (&manifest->procedure, options.procedure, "pension.exemption");
  set_text (&manifest->procedure_version, options.procedure_version, "1");
  set_text (&manifest->office, options.office, "139998");
  set_text (&manifest->terminal, options.terminal, "T001");
  set_text (&manifest->clerk, options.clerk, "S0001");
  manifest->replaces = g_strdup (options.replaces);
  manifest->policy_version = options.policy > 0 ? (guint)options.policy : 1;
  g_free (manifest->wall);
  manifest->wall = options.wall != NULL ? g_strdup (options.wall)
                                        : md_time_format_rfc3339 (md_clock_get_wall_us (clock));
  manifest->monotonic_ns = md_clock_get_monotonic_ns (clock);
  set_text (&manifest->boot_id, md_clock_get_boot_id (clock), "");
  manifest->policy_digest = policy_digest ();
  manifest->nonce = nonce_hex ();
  set_text (&manifest->nonce_state, options.nonce_state,
            options.nonce != NULL ? "fresh" : "absent");
  set_text (&manifest->identification_method, options.method, "jpki-auth");
  set_text (&manifest->identification_verdict, options.verdict, "valid");
  set_text (&manifest->identification_revocation, options.revocation, "ocsp");
  return manifest;
}

static gboolean
add_releases (MdManifest *manifest, GError **error)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) words = NULL;

  if (options.releases == NULL)
    return TRUE;
  if (!g_file_get_contents (options.releases, &text, NULL, error))
    return FALSE;
  words = g_strsplit_set (g_strstrip (text), " \n", -1);
  for (gsize i = 0; words[i] != NULL && words[i + 1] != NULL; i += 2)
    {
      g_autoptr (GBytes) release = md_base64_decode (words[i], 65536, error);
      g_autoptr (GBytes) signature
          = release != NULL ? md_base64_decode (words[i + 1], 65536, error) : NULL;

      if (signature == NULL)
        return FALSE;
      g_ptr_array_add (manifest->releases, md_release_files_new (release, signature));
    }
  return TRUE;
}

/* A JSON file; NULL with @error. */
static MdRecord *
read_record (const char *path, GError **error)
{
  g_autofree char *text = NULL;
  gsize size = 0;

  return g_file_get_contents (path, &text, &size, error)
             ? md_record_parse (text, size, MD_LIMIT_WIRE_JSON, error)
             : NULL;
}

static const char *
look_up (const char *field, gpointer values)
{
  return md_record_get_text (values, field);
}

/* As a window that names whom --named-by is of. */
static gboolean
add_named (MdManifest *manifest, GError **error)
{
  g_auto (MdNaming) naming = { { NULL } };
  g_autoptr (MdRecord) application = NULL;
  g_autoptr (MdRecord) number = NULL;
  g_autoptr (MdIdentityProof) proof = NULL;
  g_autofree char *evidence = NULL;
  const char *text;
  gsize size = 0;

  if (options.named_salt == NULL)
    return TRUE;
  application
      = read_record (options.named_by != NULL ? options.named_by : options.application, error);
  if (application == NULL || !g_file_get_contents (options.evidence, &evidence, &size, error)
      || (proof = md_identity_proof_decode ((const guint8 *)evidence, size, error)) == NULL)
    return FALSE;
  md_naming_fill (&naming, look_up, md_record_get (application, "values"), proof);
  if (options.number != NULL && (number = read_record (options.number, error)) == NULL)
    return FALSE;
  text = md_record_get_text (md_record_get (application, "values"), "p.mynum"); /* a lie */
  if (text == NULL && number != NULL)
    text = md_record_get_text (md_record_get (number, "values"), "p.mynum");
  if (text != NULL)
    {
      g_autoptr (MdSecret) digits = md_secret_new_from_text (text);

      naming.digests[MD_NAMED_NUMBER] = md_naming_digest_number (digits);
    }
  for (guint i = 0; i < MD_N_NAMED; i++)
    manifest->named[i] = md_naming_dup_bound (&naming, i, manifest->intake, options.named_salt);
  return TRUE;
}

static char *
signing_name (const char *person)
{
  return options.signer != NULL ? g_strdup (options.signer)
                                : g_strdup_printf ("staff/%s-sign", person);
}

static gint64
now_s (void)
{
  return g_get_real_time () / G_TIME_SPAN_SECOND;
}

static void
name_letter (MdManifest *manifest)
{
  g_auto (GStrv) words = options.letter != NULL ? g_strsplit (options.letter, " ", 3) : NULL;

  if (words == NULL || g_strv_length (words) != 3)
    return;
  manifest->delegation_intake = g_strdup (words[0]);
  manifest->delegation_number = g_strdup (words[1]);
  manifest->delegation_decision = g_strdup (words[2]);
}

/* NULL without. */
static MdDelegation *
make_delegation (void)
{
  g_auto (GStrv) words = options.allows != NULL ? g_strsplit (options.allows, " ", 7) : NULL;
  const guint n = words != NULL ? g_strv_length (words) : 0;
  MdDelegation *allowed;

  if (n < 5)
    return NULL;
  allowed = md_delegation_new ();
  allowed->procedures = g_strsplit (words[0], ",", -1);
  allowed->from = g_strdup (words[1]);
  allowed->to = g_strdup (words[2]);
  allowed->principal = g_strdup (words[3]);
  allowed->delegate = g_strdup (words[4]);
  allowed->amends = n > 5 ? g_strdup (words[5]) : NULL;
  allowed->ended = n > 6;
  return allowed;
}

/* "TYPE FILE", as terminals of before wrote it, or "TYPE:READERS FILE". */
static gboolean
add_attachments (MdContainerBuilder *builder, GError **error)
{
  g_autoptr (GPtrArray) business = recipients ("business", error);
  g_autoptr (GPtrArray) vault = business != NULL ? recipients ("vault", error) : NULL;

  for (gsize i = 0; options.attachments != NULL && options.attachments[i] != NULL; i++)
    {
      g_auto (GStrv) words = g_strsplit (options.attachments[i], " ", 2);
      g_auto (GStrv) kind = g_strsplit (words[0], ":", 2);
      const gboolean number = g_strcmp0 (kind[1], MD_SEAL_READERS_NUMBER) == 0;
      g_autofree char *text = NULL;
      g_autoptr (GBytes) plain = NULL;
      gsize size = 0;

      if (vault == NULL || !g_file_get_contents (words[1], &text, &size, error))
        return FALSE;
      plain = g_bytes_new_take (g_steal_pointer (&text), size);
      if (!md_container_builder_add_attachment (builder, plain, kind[0], kind[1],
                                                number ? vault : business, error))
        return FALSE;
    }
  return vault != NULL;
}

static GBytes *
make_intake (GError **error)
{
  g_autoptr (MdManifest) manifest = make_manifest ();
  g_autoptr (MdContainerBuilder) builder = NULL;
  g_autofree char *name = signing_name (manifest->clerk);
  g_autoptr (MdCertificate) signer = certificate (name, error);
  g_autoptr (MdKey) signing_key = NULL;

  name_letter (manifest);
  manifest->received = g_strdup (options.received);
  if (!add_releases (manifest, error) || !add_named (manifest, error))
    return NULL;
  builder = md_container_builder_new (manifest);
  if (signer == NULL || (signing_key = key (name, error)) == NULL
      || !add_part (builder, MD_SEAL_PART_APPLICATION, options.application, "business", error)
      || !add_part (builder, MD_SEAL_PART_NUMBER, options.number, "vault", error)
      || !add_part (builder, MD_SEAL_PART_EVIDENCE, options.evidence, "business", error)
      || !add_attachments (builder, error))
    return NULL;
  return md_container_builder_sign (builder, signing_key, signer, now_s (), error);
}

/* CONTAINER with the decision of this body as its N-th signature. */
static MdContainer *
append (MdContainer *container, guint n, const char *file, GError **error)
{
  g_autofree char *body = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GBytes) longer = NULL;
  g_autoptr (MdDecisionMessage) message = NULL;
  g_autoptr (MdDecisionFiles) files = NULL;
  gsize size = 0;

  if (!g_file_get_contents (file, &body, &size, error))
    return NULL;
  bytes = g_bytes_new_take (g_steal_pointer (&body), size);
  message = md_decision_message_decode (bytes, error);
  if (message == NULL)
    return NULL;
  files = md_decision_files_new (n, message->decision, message->manifest, message->signature);
  longer = md_container_append_decision (container, files, error);
  return longer != NULL ? md_container_parse (longer, error) : NULL;
}

/* The container of --container, with the decisions of --after appended. */
static MdContainer *
read_container (GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (MdContainer) container = NULL;
  gsize size = 0;

  if (!g_file_get_contents (options.container, &text, &size, error))
    return NULL;
  bytes = g_bytes_new_take (g_steal_pointer (&text), size);
  container = md_container_parse (bytes, error);
  for (guint i = 0; container != NULL && options.after != NULL && options.after[i] != NULL; i++)
    {
      MdContainer *longer = append (container, i + 2, options.after[i], error);

      md_container_unref (container);
      container = longer;
    }
  return g_steal_pointer (&container);
}

static GBytes *
make_decision (GError **error)
{
  g_autoptr (MdContainer) container = NULL;
  g_autoptr (MdDecision) decision = md_decision_new ();
  g_autoptr (MdDecisionFiles) files = NULL;
  g_autoptr (MdDecisionMessage) message = NULL;
  g_autoptr (MdCertificate) signer = NULL;
  g_autoptr (MdKey) signing_key = NULL;
  g_autofree char *name = NULL;
  gboolean approves = options.kind == NULL || strcmp (options.kind, "approve") == 0
                      || strcmp (options.kind, "check") == 0;

  set_text (&decision->officer, options.officer, "S0101");
  set_text (&decision->role, options.role, "supervisor");
  set_text (&decision->reason_code, approves ? "" : "R01", "");
  set_text (&decision->office, options.office, "139998");
  set_text (&decision->terminal, options.terminal, "T001");
  decision->policy_version = options.policy > 0 ? (guint)options.policy : 1;
  decision->policy_digest = policy_digest ();
  decision->differences = (guint)MAX (options.differences, 0);
  decision->delegation = make_delegation ();
  decision->time = options.time != NULL ? g_strdup (options.time)
                                        : md_time_format_rfc3339 (g_get_real_time ());
  name = signing_name (decision->officer);
  if (!md_decision_kind_from_string (options.kind != NULL ? options.kind : "approve",
                                     &decision->kind)
      || (container = read_container (error)) == NULL
      || (signer = certificate (name, error)) == NULL || (signing_key = key (name, error)) == NULL
      || (files = md_decision_make (container, decision, signing_key, signer, now_s (), error))
             == NULL)
    return NULL;
  message = md_decision_message_new (files->decision, files->manifest, files->signature);
  return md_decision_message_encode (message);
}

static const GOptionEntry entries[] = {
  { "world", 0, 0, G_OPTION_ARG_FILENAME, &options.world, "", "DIR" },
  { "out", 0, 0, G_OPTION_ARG_FILENAME, &options.out, "", "FILE" },
  { "intake", 0, 0, G_OPTION_ARG_STRING, &options.intake, "", "ID" },
  { "clerk", 0, 0, G_OPTION_ARG_STRING, &options.clerk, "", "ID" },
  { "officer", 0, 0, G_OPTION_ARG_STRING, &options.officer, "", "ID" },
  { "signer", 0, 0, G_OPTION_ARG_STRING, &options.signer, "", "ID" },
  { "role", 0, 0, G_OPTION_ARG_STRING, &options.role, "", "ID" },
  { "replaces", 0, 0, G_OPTION_ARG_STRING, &options.replaces, "", "ID" },
  { "after", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.after, "", "FILE" },
  { "kind", 0, 0, G_OPTION_ARG_STRING, &options.kind, "", "KIND" },
  { "office", 0, 0, G_OPTION_ARG_STRING, &options.office, "", "CODE" },
  { "terminal", 0, 0, G_OPTION_ARG_STRING, &options.terminal, "", "ID" },
  { "procedure", 0, 0, G_OPTION_ARG_STRING, &options.procedure, "", "ID" },
  { "procedure-version", 0, 0, G_OPTION_ARG_STRING, &options.procedure_version, "", "N" },
  { "receipt-number", 0, 0, G_OPTION_ARG_STRING, &options.receipt_number, "", "NUMBER" },
  { "application", 0, 0, G_OPTION_ARG_FILENAME, &options.application, "", "FILE" },
  { "number", 0, 0, G_OPTION_ARG_FILENAME, &options.number, "", "FILE" },
  { "evidence", 0, 0, G_OPTION_ARG_FILENAME, &options.evidence, "", "FILE" },
  { "container", 0, 0, G_OPTION_ARG_FILENAME, &options.container, "", "FILE" },
  { "method", 0, 0, G_OPTION_ARG_STRING, &options.method, "", "WORD" },
  { "verdict", 0, 0, G_OPTION_ARG_STRING, &options.verdict, "", "WORD" },
  { "revocation", 0, 0, G_OPTION_ARG_STRING, &options.revocation, "", "WORD" },
  { "wall", 0, 0, G_OPTION_ARG_STRING, &options.wall, "", "TIME" },
  { "policy-digest", 0, 0, G_OPTION_ARG_STRING, &options.policy_digest, "", "HEX" },
  { "nonce", 0, 0, G_OPTION_ARG_STRING, &options.nonce, "", "BASE64" },
  { "nonce-state", 0, 0, G_OPTION_ARG_STRING, &options.nonce_state, "", "STATE" },
  { "releases", 0, 0, G_OPTION_ARG_FILENAME, &options.releases, "", "FILE" },
  { "named-salt", 0, 0, G_OPTION_ARG_STRING, &options.named_salt, "", "HEX" },
  { "named-by", 0, 0, G_OPTION_ARG_FILENAME, &options.named_by, "", "FILE" },
  { "letter", 0, 0, G_OPTION_ARG_STRING, &options.letter, "", "WORDS" },
  { "allows", 0, 0, G_OPTION_ARG_STRING, &options.allows, "", "WORDS" },
  { "attachment", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.attachments, "", "TYPE FILE" },
  { "received", 0, 0, G_OPTION_ARG_STRING, &options.received, "", "DAY" },
  { "time", 0, 0, G_OPTION_ARG_STRING, &options.time, "", "TIME" },
  { "differences", 0, 0, G_OPTION_ARG_INT, &options.differences, "", "COUNT" },
  { "policy", 0, 0, G_OPTION_ARG_INT, &options.policy, "", "VERSION" },
  { NULL },
};

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("intake|decision");
  g_autoptr (GBytes) made = NULL;
  g_autoptr (GError) error = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || argc != 2 || options.world == NULL
      || options.out == NULL)
    {
      g_printerr ("make-item: %s\n", error != NULL ? error->message : "wrong use");
      return 2;
    }
  made = strcmp (argv[1], "intake") == 0 ? make_intake (&error) : make_decision (&error);
  if (made == NULL
      || !g_file_set_contents (options.out, g_bytes_get_data (made, NULL),
                               (gssize)g_bytes_get_size (made), &error))
    {
      g_printerr ("make-item: %s\n", error->message);
      return 1;
    }
  return 0;
}
