// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "import.h"

#include "answer.h"
#include "refusals.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <md-base.h>
#include <md-seal.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define KEY_FILE_MAX 4096u

/* One bundle, in its folder. */
typedef struct
{
  Office *office;
  int folder;
  GBytes *json;
  Peer peer; /* the terminal that signed it */
  MdMediumList *list;
  const char *medium;  /* its name, by its key */
  GHashTable *stopped; /* intakes of which an item was not taken */
  gboolean unjudged;   /* an intake was not: nobody knows what depends on it */
  Counters counters;
  guint refused;
  guint held;
  guint unwritten; /* receipts */
} Import;

static void
import_clear (Import *self)
{
  if (self->folder >= 0)
    close (self->folder);
  g_clear_pointer (&self->json, g_bytes_unref);
  g_clear_pointer (&self->list, md_medium_list_free);
  g_clear_pointer (&self->stopped, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Import, import_clear)

static MdProblem *
problem_from (MdProblemCode code, const GError *error)
{
  return md_problem_new (code, error->message);
}

/* --- Who sends it --- */

/* The signature stands in place of the handshake: the same certificate, the same key. */
static MdProblem *
check_terminal (Import *self, GBytes *signature)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdTrust) trust = office_create_line_trust (self->office, &error);
  g_autoptr (MdCmsSigner) signer = NULL;
  g_autoptr (MdVerdict) verdict = NULL;

  if (trust == NULL)
    return problem_from (MD_PROBLEM_INTERNAL, error);
  signer = md_cms_verify_detached (signature, self->json, &error);
  if (signer == NULL)
    return problem_from (MD_PROBLEM_SIGNATURE_INVALID, error);
  verdict = md_trust_check (trust, md_cms_signer_get_certificate (signer),
                            md_cms_signer_get_chain (signer), g_get_real_time () / G_USEC_PER_SEC);
  if (md_verdict_get_status (verdict) != MD_VERDICT_VALID)
    return md_problem_new (MD_PROBLEM_SIGNATURE_INVALID, md_verdict_get_detail (verdict));
  if (!peer_from_certificate (md_cms_signer_get_certificate (signer), &self->peer))
    return md_problem_new (MD_PROBLEM_TERMINAL_UNREGISTERED, NULL);
  return admit_peer (self->office, &self->peer);
}

/* --- Who released it --- */

static MdProblem *
check_officer (MdPolicy *policy, const MdMediumList *list, const MdCmsSigner *signer)
{
  const MdPolicyStaff *officer = md_policy_get_staff (policy, list->officer);
  const MdMay may = md_policy_may_release_medium (policy, list->officer, list->role);

  if (may == MD_MAY_NOT_STAFF || md_policy_get_staff (policy, list->carrier) == NULL)
    return md_problem_new (MD_PROBLEM_STAFF_UNKNOWN, NULL);
  if (may != MD_MAY_YES)
    return md_problem_new (MD_PROBLEM_ROLE_MISSING, NULL);
  if (strcmp (list->officer, list->carrier) == 0)
    return md_problem_new (MD_PROBLEM_SAME_OFFICER, NULL);
  if (officer->sign == NULL
      || !g_bytes_equal (officer->sign,
                         md_certificate_get_der (md_cms_signer_get_certificate (signer))))
    return md_problem_new (
        MD_PROBLEM_SIGNATURE_INVALID,
        "The release is not by the certificate that the policy lists for this person.");
  return NULL;
}

/* The policy of version NUMBER; borrowed. */
static MdPolicy *
find_policy (const MdPolicyHistory *history, guint number)
{
  MdPolicy *policy = NULL;

  for (guint i = 0; (policy = md_policy_history_get (history, i)) != NULL; i++)
    if (md_policy_get_version (policy) == number)
      break;
  return policy;
}

/* A medium is for a terminal that has had no line for long, and so no new policy: where another one
 * was in force here for more than the grace, that one says whether the officer may release; each
 * item is judged by the one that it names itself. */
static MdProblem *
find_rules (const Import *self, const MdPolicyNamed *named, MdPolicy **out_policy)
{
  const MdPolicyHistory *history = self->office->history;
  const MdPolicyThen then = md_policy_history_judge (history, named, out_policy);
  MdPolicy *own = then == MD_POLICY_THEN_LATE ? find_policy (history, named->version) : NULL;

  if (then == MD_POLICY_THEN_GOOD)
    return NULL;
  if (own != NULL && named->made <= md_policy_get_not_after (own))
    {
      *out_policy = md_policy_history_get_at (history, named->made);
      return NULL;
    }
  return md_problem_new (then == MD_POLICY_THEN_UNKNOWN ? MD_PROBLEM_POLICY_UNKNOWN
                         : then == MD_POLICY_THEN_OTHER ? MD_PROBLEM_POLICY_MISMATCH
                                                        : MD_PROBLEM_POLICY_NOT_IN_FORCE,
                         md_policy_then_get_text (then));
}

/* By the policy that the list names, at the time at which it was put together. */
static MdProblem *
check_release (Import *self, GBytes *signature)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdMediumList) list = md_medium_list_parse (self->json, &error);
  g_autoptr (MdTrust) trust = NULL;
  g_autoptr (MdCmsSigner) signer = NULL;
  MdPolicyNamed named = { 0 };
  MdProblem *problem = NULL;
  MdPolicy *policy = NULL;

  if (list == NULL)
    return problem_from (MD_PROBLEM_MALFORMED_REQUEST, error);
  if (strcmp (list->office, self->peer.office) != 0)
    return md_problem_new (MD_PROBLEM_OFFICE_MISMATCH, NULL);
  if (strcmp (list->terminal, self->peer.terminal) != 0)
    return md_problem_new (MD_PROBLEM_TERMINAL_MISMATCH, NULL);
  named.version = list->policy_version;
  named.digest = list->policy_digest;
  if (!md_time_parse_rfc3339 (list->time, &named.made, &error))
    return problem_from (MD_PROBLEM_MALFORMED_REQUEST, error);
  if ((problem = find_rules (self, &named, &policy)) != NULL)
    return problem;
  trust = md_policy_create_trust (policy, MD_TRUST_PROFILE_STAFF_SIGN, &error);
  if (trust == NULL)
    return problem_from (MD_PROBLEM_INTERNAL, error);
  self->list = md_medium_list_verify (self->json, signature, trust, named.made / G_USEC_PER_SEC,
                                      &signer, &error);
  if (self->list == NULL)
    return problem_from (MD_PROBLEM_SIGNATURE_INVALID, error);
  return check_officer (policy, self->list, signer);
}

/* --- What lies in its folder --- */

static void
add_name (GHashTable *names, char *name)
{
  g_hash_table_add (names, g_strconcat (name, MD_MEDIUM_PART, NULL));
  g_hash_table_add (names, name);
}

/* The files that may be there: what the terminal wrote, and receipts of an earlier time. */
static GHashTable *
make_names (const MdMediumList *list)
{
  GHashTable *names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  g_hash_table_add (names, g_strdup (MD_MEDIUM_LIST_FILE));
  g_hash_table_add (names, g_strdup (MD_MEDIUM_RELEASE_FILE));
  g_hash_table_add (names, g_strdup (MD_MEDIUM_TERMINAL_FILE));
  for (guint i = 0; i < list->items->len; i++)
    {
      const MdMediumItem *item = list->items->pdata[i];

      g_hash_table_add (names, md_medium_item_make_name (item));
      add_name (names, md_medium_item_make_receipt_name (item));
    }
  return names;
}

/* What was released is closed: somebody has been at a folder in which anything else lies. */
static MdProblem *
check_folder (const Import *self)
{
  g_autoptr (GHashTable) names = make_names (self->list);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found
      = md_medium_list_files (self->folder, g_hash_table_size (names), &error);

  if (found == NULL)
    return problem_from (MD_PROBLEM_MALFORMED_REQUEST, error);
  for (guint i = 0; i < found->len; i++)
    if (!g_hash_table_contains (names, found->pdata[i]))
      return md_problem_new (MD_PROBLEM_MALFORMED_REQUEST,
                             "Something lies in the folder that is not on the list.");
  return NULL;
}

static MdProblem *
check_bundle (Import *self, const char *bundle)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) release = NULL;
  g_autoptr (GBytes) terminal = NULL;
  MdProblem *problem = NULL;

  self->json = md_medium_read (self->folder, MD_MEDIUM_LIST_FILE, MD_SEAL_MAX_JSON, &error);
  release = self->json != NULL
                ? md_medium_read (self->folder, MD_MEDIUM_RELEASE_FILE, MD_LIMIT_RECEIPT, &error)
                : NULL;
  terminal = release != NULL
                 ? md_medium_read (self->folder, MD_MEDIUM_TERMINAL_FILE, MD_LIMIT_RECEIPT, &error)
                 : NULL;
  if (terminal == NULL)
    return problem_from (MD_PROBLEM_MALFORMED_REQUEST, error);
  problem = check_terminal (self, terminal);
  if (problem == NULL)
    problem = check_release (self, release);
  if (problem == NULL && bundle != NULL && strcmp (bundle, self->list->bundle) != 0)
    problem = md_problem_new (MD_PROBLEM_MALFORMED_REQUEST,
                              "The folder has the name of another bundle.");
  if (problem == NULL && strcmp (self->list->medium, self->medium) != 0)
    problem = md_problem_new (MD_PROBLEM_MALFORMED_REQUEST, "It was released to another medium.");
  return problem != NULL ? problem : check_folder (self);
}

/* --- Its items --- */

static void
tell (const MdMediumItem *item, const char *word, const char *code, const char *text)
{
  g_autofree char *name = md_item_format (item->n);

  g_print ("%s\t%s\t%s\t%s\t%s\n", item->intake, name, word, code, text);
}

static MdProblem *
read_item (const Import *self, const MdMediumItem *item, GBytes **out_body)
{
  g_autofree char *name = md_medium_item_make_name (item);
  g_autofree char *digest = NULL;
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GError) error = NULL;

  if (item->size > (item->n == 1 ? MD_WIRE_MAX_CONTAINER : MD_WIRE_MAX_DECISION))
    return md_problem_new (MD_PROBLEM_TOO_LARGE, NULL);
  body = md_medium_read (self->folder, name, (gsize)item->size, &error);
  if (body == NULL)
    return problem_from (MD_PROBLEM_MALFORMED_REQUEST, error);
  digest = md_wire_digest_hex (body);
  if (strcmp (digest, item->sha256) != 0)
    return md_problem_new (MD_PROBLEM_DIGEST_MISMATCH,
                           "The file is not the one that was released.");
  *out_body = g_steal_pointer (&body);
  return NULL;
}

/* Between one item and the next somebody may have taken the terminal out of the policy. */
static void
store_item (Import *self, const MdTarget *target, GBytes *body, Answer *answer)
{
  MdProblem *problem = admit_peer (self->office, &self->peer);

  if (problem != NULL)
    answer_problem (answer, problem);
  else
    answer_item (self->office, &self->counters, &self->peer, target, body, answer);
}

static void
write_receipt (Import *self, const MdMediumItem *item, GBytes *receipt)
{
  g_autofree char *name = md_medium_item_make_receipt_name (item);
  g_autoptr (GError) error = NULL;

  if (md_medium_write (self->folder, name, receipt, &error))
    return;
  self->unwritten++;
  g_printerr ("madoguchi-gateway: the receipt could not be written to the medium: %s\n",
              error->message);
}

/* --- In their order --- */

static gboolean
changes_a_letter (const Import *self, const MdMediumItem *item)
{
  g_autoptr (MdLedgerEntry) intake
      = item->n > 1 ? md_ledger_look_up (self->office->ledger, item->intake, 1, NULL) : NULL;

  return intake != NULL && strcmp (intake->procedure, MD_DELEGATION_CHANGE) == 0;
}

/* As on the line: nothing goes past an item of the same intake, and no change of a letter of
 * delegation past an intake that may have been handed in by that letter. */
static gboolean
must_wait (const Import *self, const MdMediumItem *item)
{
  return g_hash_table_contains (self->stopped, item->intake)
         || (self->unjudged && changes_a_letter (self, item));
}

static void
hold (Import *self, const MdMediumItem *item)
{
  self->held++;
  tell (item, "held", "-", "What has to arrive before it was not taken.");
  g_hash_table_add (self->stopped, item->intake);
}

/* JUDGED: it is refused for what it is, and not for what became of the file or of the store. */
static void
stop (Import *self, const MdMediumItem *item, gboolean judged)
{
  g_hash_table_add (self->stopped, item->intake);
  self->unjudged = self->unjudged || (item->n == 1 && !judged);
}

static gboolean
is_about_the_store (MdProblemCode code)
{
  return code == MD_PROBLEM_STORE_FULL || code == MD_PROBLEM_STORE_FAILED
         || code == MD_PROBLEM_INTERNAL || code == MD_PROBLEM_POLICY_MISSING;
}

static void
refuse_item (Import *self, const MdMediumItem *item, const Answer *answer)
{
  g_autoptr (MdProblem) told = md_problem_decode (answer->status, answer->body);
  const char *code = md_problem_code_name (answer->code);
  g_autofree char *name = md_item_format (item->n);
  g_autofree char *what = g_strconcat ("medium:", name, NULL);

  self->refused++;
  tell (item, "refused", code,
        told->detail != NULL && *told->detail != '\0' ? told->detail : told->title);
  if (answer->code != MD_PROBLEM_STORE_FULL)
    refusals_note (self->office, &self->peer, what, item->intake, code, item->sha256);
}

static void
take_item (Import *self, const MdMediumItem *item)
{
  MdTarget target = { .route = item->n == 1 ? MD_ROUTE_INTAKE : MD_ROUTE_DECISION, .n = item->n };
  g_autoptr (GBytes) body = NULL;
  g_auto (Answer) answer = { 0 };
  MdProblem *problem = NULL;

  if (must_wait (self, item))
    {
      hold (self, item);
      return;
    }
  g_strlcpy (target.intake, item->intake, sizeof target.intake);
  problem = read_item (self, item, &body);
  if (problem != NULL)
    answer_problem (&answer, problem);
  else
    store_item (self, &target, body, &answer);
  if (answer.code == MD_PROBLEM_UNKNOWN)
    {
      tell (item, answer.status == 201 ? "accepted" : "repeated", "-", "-");
      write_receipt (self, item, answer.body);
      return;
    }
  refuse_item (self, item, &answer);
  stop (self, item, body != NULL && !is_about_the_store (answer.code));
}

/* --- The chain --- */

/* Of a bundle that is not looked into anybody may bring any number: as a flood on the line. */
static void
note_refused (const Import *self, const MdProblem *problem)
{
  g_autofree char *digest = self->json != NULL ? md_wire_digest_hex (self->json) : NULL;

  refusals_note (self->office, &self->peer, "medium", NULL, md_problem_code_name (problem->code),
                 digest);
}

/* Who brought what. */
static void
note_taken (const Import *self)
{
  g_autofree char *digest = md_wire_digest_hex (self->json);
  g_autofree char *detail = g_strdup_printf (
      "terminal=%s accepted=%u repeated=%u refused=%u held=%u officer=%s carrier=%s",
      self->peer.terminal, (guint)self->counters.stored, (guint)self->counters.repeated,
      self->refused, self->held, self->list->officer, self->list->carrier);
  const MdAuditEntry entry = { .event = "medium",
                               .outcome = MD_AUDIT_DONE,
                               .object = self->list->bundle,
                               .digest = digest,
                               .detail = detail };
  g_autoptr (GError) error = NULL;

  if (!md_ledger_note (self->office->ledger, &entry, &error))
    g_message ("this could not be recorded: %s", error->message);
}

/* A bundle on MEDIUM. FOLDER is taken. BUNDLE: by the folder's name; NULL where that says nothing.
 */
static gboolean
take_bundle (Office *office, const char *medium, int folder, const char *name, const char *bundle)
{
  g_auto (Import) self = { .office = office, .folder = folder, .medium = medium };
  g_autoptr (MdProblem) problem = check_bundle (&self, bundle);

  if (problem != NULL)
    {
      g_printerr ("madoguchi-gateway: the bundle %s is not taken: %s: %s\n", name,
                  md_problem_code_name (problem->code),
                  problem->detail != NULL && *problem->detail != '\0' ? problem->detail
                                                                      : problem->title);
      note_refused (&self, problem);
      return FALSE;
    }
  self.stopped = g_hash_table_new (g_str_hash, g_str_equal);
  (void)flock (folder, LOCK_EX); /* another import writes its receipts */
  for (guint i = 0; i < self.list->items->len; i++)
    take_item (&self, g_ptr_array_index (self.list->items, i));
  note_taken (&self);
  return self.refused == 0 && self.held == 0 && self.unwritten == 0;
}

/* --- The medium --- */

static gboolean
is_bundle (int folder)
{
  g_autoptr (GBytes) list = md_medium_read (folder, MD_MEDIUM_LIST_FILE, MD_SEAL_MAX_JSON, NULL);

  return list != NULL;
}

static gboolean
take_all (Office *office, const char *name, int medium, ImportResult *out_result, GError **error)
{
  g_autoptr (GPtrArray) bundles = md_medium_list_bundles (medium, error);

  if (bundles == NULL)
    return FALSE;
  if (bundles->len == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                           "there is no bundle of a terminal in this folder");
      return FALSE;
    }
  *out_result = IMPORT_WHOLE;
  for (guint i = 0; i < bundles->len; i++)
    {
      g_autofree char *inside = g_strconcat (MD_MEDIUM_FOLDER, bundles->pdata[i], NULL);
      g_autoptr (GError) local = NULL;
      const int folder = md_medium_open_in (medium, inside, &local);

      if (folder < 0)
        g_printerr ("madoguchi-gateway: %s\n", local->message);
      if (folder < 0 || !take_bundle (office, name, folder, inside, bundles->pdata[i]))
        *out_result = IMPORT_PART;
    }
  return TRUE;
}

/* Nobody's name is known yet. */
static void
note_medium (const Office *office, const char *code)
{
  const Peer nobody = { 0 };

  refusals_note (office, &nobody, "medium", NULL, code, NULL);
}

/* The name under which the medium is registered here; borrowed. */
static const char *
find_name (const Office *office, int medium, GError **error)
{
  g_autoptr (GBytes) key = md_medium_read (medium, MD_MEDIUM_KEY_FILE, KEY_FILE_MAX, NULL);
  g_autofree char *digest = key != NULL ? md_wire_digest_hex (key) : NULL;
  const char *name = digest != NULL ? g_hash_table_lookup (office->settings->media, digest) : NULL;

  if (name != NULL)
    return name;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                       "this medium is not registered here (section [media] of the settings)");
  note_medium (office, "medium-unknown");
  return NULL;
}

/* Before the first byte is read from it. */
static gboolean
check_viruses (const Office *office, const char *path, GError **error)
{
  if (office->settings->scanning->medium_scanner == NULL)
    g_printerr ("madoguchi-gateway: nobody looks for viruses on this medium (medium_scanner)\n");
  if (md_scan_check_medium (office->settings->scanning, path, error))
    return TRUE;
  note_medium (office, g_error_matches (*error, MD_SCAN_ERROR, MD_SCAN_ERROR_VIRUS)
                           ? "virus"
                           : "scanner-failed");
  g_prefix_error (error, "nothing was read from the medium: ");
  return FALSE;
}

/* PATH is a bundle's folder, and what it lies in the medium. */
static gboolean
take_one (Office *office, const char *path, int folder, ImportResult *out_result, GError **error)
{
  const int medium = openat (folder, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const char *name = find_name (office, medium, error);

  if (medium >= 0)
    close (medium);
  if (name == NULL)
    {
      close (folder);
      return FALSE;
    }
  *out_result = take_bundle (office, name, folder, path, NULL) ? IMPORT_WHOLE : IMPORT_PART;
  return TRUE;
}

gboolean
import_medium (Office *office, const char *path, ImportResult *out_result, GError **error)
{
  const int medium = md_medium_open (path, error);
  const char *name = NULL;
  gboolean looked = FALSE;

  if (medium < 0)
    return FALSE;
  if (!check_viruses (office, path, error))
    {
      close (medium);
      return FALSE;
    }
  if (is_bundle (medium))
    return take_one (office, path, medium, out_result, error);
  name = find_name (office, medium, error);
  looked = name != NULL && take_all (office, name, medium, out_result, error);
  close (medium);
  return looked;
}
