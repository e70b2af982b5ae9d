// SPDX-License-Identifier: Apache-2.0
#include <glib.h>
#include <md-base.h>
#include <md-seal.h>

/* make-container: seals files into a container as a clerk, and approves it as a supervisor, with
 * keys from files. For tests that take the result apart with other tools. */

static char *clerk_path;
static char *officer_path;
static char **business_paths;
static char **vault_paths;
static char *application;
static char *number;
static char *out_path;

static const GOptionEntry entries[] = {
  { "clerk", 0, 0, G_OPTION_ARG_FILENAME, &clerk_path, "NAME.crt and NAME.key of the clerk",
    "NAME" },
  { "officer", 0, 0, G_OPTION_ARG_FILENAME, &officer_path, "the same of who approves", "NAME" },
  { "business", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &business_paths, "who opens", "FILE" },
  { "vault", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &vault_paths, "who opens the number", "FILE" },
  { "application", 0, 0, G_OPTION_ARG_FILENAME, &application, "clear text", "FILE" },
  { "number", 0, 0, G_OPTION_ARG_FILENAME, &number, "clear text", "FILE" },
  { "out", 0, 0, G_OPTION_ARG_FILENAME, &out_path, "the container", "FILE" },
  G_OPTION_ENTRY_NULL,
};

typedef struct
{
  MdCertificate *certificate;
  MdKey *key;
} Person;

static void
person_clear (Person *person)
{
  md_certificate_unref (person->certificate);
  md_key_unref (person->key);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Person, person_clear)

static gboolean
load_person (Person *person, const char *path, GError **error)
{
  g_autofree char *certificate = g_strconcat (path, ".crt", NULL);
  g_autofree char *key = g_strconcat (path, ".key", NULL);

  person->certificate = md_certificate_new_from_file (certificate, error);
  if (person->certificate != NULL)
    person->key = md_key_new_from_file (key, NULL, error);
  return person->key != NULL;
}

static GPtrArray *
load_recipients (char **paths, GError **error)
{
  g_autoptr (GPtrArray) list
      = g_ptr_array_new_with_free_func ((GDestroyNotify)md_certificate_unref);

  for (gsize i = 0; paths != NULL && paths[i] != NULL; i++)
    {
      MdCertificate *certificate = md_certificate_new_from_file (paths[i], error);

      if (certificate == NULL)
        return NULL;
      g_ptr_array_add (list, certificate);
    }
  return g_steal_pointer (&list);
}

static gboolean
add_part (MdContainerBuilder *builder, const char *name, const char *path, char **recipients,
          GError **error)
{
  g_autoptr (GPtrArray) list = load_recipients (recipients, error);
  g_autofree char *contents = NULL;
  g_autoptr (GBytes) bytes = NULL;
  gsize size = 0;

  if (list == NULL || !g_file_get_contents (path, &contents, &size, error))
    return FALSE;
  bytes = g_bytes_new_take (g_steal_pointer (&contents), size);
  return md_container_builder_add_part (builder, name, bytes, list, error);
}

static MdManifest *
new_manifest (const char *clerk)
{
  const gint64 now = g_get_real_time ();
  MdManifest *manifest = md_manifest_new ();

  manifest->intake = md_uuid7_new (NULL);
  manifest->receipt_number = g_strdup ("001-000001-8");
  manifest->procedure = g_strdup ("pension.exemption");
  manifest->procedure_version = g_strdup ("1");
  manifest->office = g_strdup ("139998");
  manifest->terminal = g_strdup ("T001");
  manifest->clerk = g_strdup (clerk);
  manifest->policy_version = 1;
  manifest->wall = md_time_format_rfc3339 (now);
  manifest->boot_id = g_strdup ("test");
  manifest->policy_digest = g_strnfill (64, 'a');
  manifest->nonce_state = g_strdup ("absent");
  manifest->nonce = g_strdup ("");
  manifest->identification_method = g_strdup ("jpki-auth");
  manifest->identification_verdict = g_strdup ("valid");
  manifest->identification_revocation = g_strdup ("ocsp");
  return manifest;
}

static GBytes *
build (GError **error)
{
  g_auto (Person) clerk = { 0 };
  g_autoptr (MdManifest) manifest = NULL;
  g_autoptr (MdContainerBuilder) builder = NULL;

  if (!load_person (&clerk, clerk_path, error))
    return NULL;
  manifest = new_manifest (md_certificate_get_subject_cn (clerk.certificate));
  builder = md_container_builder_new (manifest);
  if (!add_part (builder, MD_SEAL_PART_APPLICATION, application, business_paths, error)
      || !add_part (builder, MD_SEAL_PART_NUMBER, number, vault_paths, error))
    return NULL;
  return md_container_builder_sign (builder, clerk.key, clerk.certificate,
                                    g_get_real_time () / G_USEC_PER_SEC, error);
}

static GBytes *
approve (GBytes *bytes, GError **error)
{
  g_auto (Person) officer = { 0 };
  g_autoptr (MdContainer) container = md_container_parse (bytes, error);
  g_autoptr (MdDecision) decision = md_decision_new ();
  g_autoptr (MdDecisionFiles) files = NULL;

  if (container == NULL || !load_person (&officer, officer_path, error))
    return NULL;
  decision->kind = MD_DECISION_APPROVE;
  decision->officer = g_strdup (md_certificate_get_subject_cn (officer.certificate));
  decision->role = g_strdup ("supervisor");
  decision->office = g_strdup ("139998");
  decision->terminal = g_strdup ("T001");
  decision->policy_version = 1;
  decision->policy_digest = g_strnfill (64, 'a');
  decision->time = md_time_format_rfc3339 (g_get_real_time ());
  files = md_decision_make (container, decision, officer.key, officer.certificate,
                            g_get_real_time () / G_USEC_PER_SEC, error);
  return files != NULL ? md_container_append_decision (container, files, error) : NULL;
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) container = NULL;

  g_option_context_add_main_entries (context, entries, NULL);
  if (g_option_context_parse (context, &argc, &argv, &error) && clerk_path != NULL
      && application != NULL && number != NULL && out_path != NULL)
    container = build (&error);
  if (container != NULL && officer_path != NULL)
    {
      g_autoptr (GBytes) unapproved = g_steal_pointer (&container);
      container = approve (unapproved, &error);
    }
  if (container == NULL
      || !g_file_set_contents (out_path, g_bytes_get_data (container, NULL),
                               (gssize)g_bytes_get_size (container), &error))
    {
      g_printerr ("make-container: %s\n", error != NULL ? error->message : "see --help");
      return 1;
    }
  return 0;
}
