// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "import.h"

#include "answer.h"
#include "refusals.h"

#include <gio/gio.h>
#include <md-base.h>
#include <md-seal.h>
#include <string.h>
#include <unistd.h>

/* One bundle, in its folder. */
typedef struct
{
  Office *office;
  int folder;
  GBytes *json;
  Peer peer; /* the terminal that signed it */
  MdMediumList *list;
  Counters counters;
  guint refused;
  guint unwritten; /* receipts */
} Import;

static void
import_clear (Import *self)
{
  if (self->folder >= 0)
    close (self->folder);
  g_clear_pointer (&self->json, g_bytes_unref);
  g_clear_pointer (&self->list, md_medium_list_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Import, import_clear)

static MdProblem *
problem_from (MdProblemCode code, const GError *error)
{
  return md_problem_new (code, error->message);
}

/* --- Who sends it --- */

/* The certificates that a terminal may have on the line. */
static MdTrust *
create_line_trust (const Office *office, GError **error)
{
  g_autoptr (GPtrArray) authorities = md_certificate_list_from_file (office->settings->ca, error);
  MdTrust *trust = authorities != NULL ? md_trust_new (MD_TRUST_PROFILE_SIGNER) : NULL;

  if (trust == NULL)
    return NULL;
  for (guint i = 0; i < authorities->len; i++)
    md_trust_add_anchor (trust, authorities->pdata[i]);
  return trust;
}

/* The signature stands in place of the handshake: the same certificate, the same key. */
static MdProblem *
check_terminal (Import *self, GBytes *signature)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdTrust) trust = create_line_trust (self->office, &error);
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

/* By the policy that the list names, at the time at which it was put together. */
static MdProblem *
check_release (Import *self, GBytes *signature)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdMediumList) list = md_medium_list_parse (self->json, &error);
  g_autoptr (MdTrust) trust = NULL;
  g_autoptr (MdCmsSigner) signer = NULL;
  MdPolicyNamed named = { 0 };
  MdPolicyThen then = MD_POLICY_THEN_UNKNOWN;
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
  then = md_policy_history_judge (self->office->history, &named, &policy);
  if (then != MD_POLICY_THEN_GOOD)
    return md_problem_new (then == MD_POLICY_THEN_UNKNOWN ? MD_PROBLEM_POLICY_UNKNOWN
                           : then == MD_POLICY_THEN_OTHER ? MD_PROBLEM_POLICY_MISMATCH
                                                          : MD_PROBLEM_POLICY_NOT_IN_FORCE,
                           md_policy_then_get_text (then));
  trust = md_policy_create_trust (policy, MD_TRUST_PROFILE_STAFF_SIGN, &error);
  if (trust == NULL)
    return problem_from (MD_PROBLEM_INTERNAL, error);
  self->list = md_medium_list_verify (self->json, signature, trust, named.made / G_USEC_PER_SEC,
                                      &signer, &error);
  if (self->list == NULL)
    return problem_from (MD_PROBLEM_SIGNATURE_INVALID, error);
  return check_officer (policy, self->list, signer);
}

static MdProblem *
check_bundle (Import *self)
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
  return problem != NULL ? problem : check_release (self, release);
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
  g_autoptr (GError) error = NULL;

  *out_body = md_medium_read (self->folder, name, (gsize)item->size, &error);
  if (*out_body == NULL)
    return problem_from (MD_PROBLEM_MALFORMED_REQUEST, error);
  digest = md_wire_digest_hex (*out_body);
  return strcmp (digest, item->sha256) == 0
             ? NULL
             : md_problem_new (MD_PROBLEM_DIGEST_MISMATCH,
                               "The file is not the one that was released.");
}

/* Between one item and the next somebody may have taken the terminal out of the policy. */
static void
store_item (Import *self, const MdTarget *target, GBytes *body, Answer *answer)
{
  MdProblem *problem = admit_peer (self->office, &self->peer);

  if (problem == NULL
      && g_bytes_get_size (body)
             > (target->route == MD_ROUTE_INTAKE ? MD_WIRE_MAX_CONTAINER : MD_WIRE_MAX_DECISION))
    problem = md_problem_new (MD_PROBLEM_TOO_LARGE, NULL);
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

static void
take_item (Import *self, const MdMediumItem *item)
{
  MdTarget target = { .route = item->n == 1 ? MD_ROUTE_INTAKE : MD_ROUTE_DECISION, .n = item->n };
  g_autoptr (GBytes) body = NULL;
  g_auto (Answer) answer = { 0 };
  MdProblem *problem = NULL;

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
    }
  else
    {
      g_autoptr (MdProblem) told = md_problem_decode (answer.status, answer.body);
      const char *code = md_problem_code_name (answer.code);
      g_autofree char *name = md_item_format (item->n);
      g_autofree char *what = g_strconcat ("medium:", name, NULL);

      self->refused++;
      tell (item, "refused", code,
            told->detail != NULL && *told->detail != '\0' ? told->detail : told->title);
      if (answer.code != MD_PROBLEM_STORE_FULL)
        refusals_note (self->office, &self->peer, what, item->intake, code, item->sha256);
    }
}

/* Who brought what, for the chain. */
static void
note (const Import *self, const MdProblem *problem)
{
  const gboolean known = self->peer.terminal[0] != '\0';
  g_autofree char *digest = self->json != NULL ? md_wire_digest_hex (self->json) : NULL;
  g_autofree char *detail
      = problem != NULL
            ? g_strdup_printf ("terminal=%s what=medium code=%s", known ? self->peer.terminal : "-",
                               md_problem_code_name (problem->code))
            : g_strdup_printf ("terminal=%s accepted=%u repeated=%u refused=%u officer=%s "
                               "carrier=%s",
                               self->peer.terminal, (guint)self->counters.stored,
                               (guint)self->counters.repeated, self->refused, self->list->officer,
                               self->list->carrier);
  const MdAuditEntry entry = { .event = "medium",
                               .outcome = problem != NULL ? MD_AUDIT_REFUSED : MD_AUDIT_DONE,
                               .object = self->list != NULL ? self->list->bundle : NULL,
                               .digest = digest,
                               .detail = detail };
  g_autoptr (GError) error = NULL;

  if (!md_ledger_note (self->office->ledger, &entry, &error))
    g_message ("this could not be recorded: %s", error->message);
}

/* FOLDER is taken. */
static gboolean
take_bundle (Office *office, int folder, const char *name)
{
  g_auto (Import) self = { .office = office, .folder = folder };
  g_autoptr (MdProblem) problem = check_bundle (&self);

  if (problem != NULL)
    {
      g_printerr ("madoguchi-gateway: the bundle %s is not taken: %s: %s\n", name,
                  md_problem_code_name (problem->code),
                  problem->detail != NULL && *problem->detail != '\0' ? problem->detail
                                                                      : problem->title);
      note (&self, problem);
      return FALSE;
    }
  for (guint i = 0; i < self.list->items->len; i++)
    take_item (&self, g_ptr_array_index (self.list->items, i));
  note (&self, NULL);
  return self.refused == 0 && self.unwritten == 0;
}

/* --- The medium --- */

static gboolean
is_bundle (int folder)
{
  g_autoptr (GBytes) list = md_medium_read (folder, MD_MEDIUM_LIST_FILE, MD_SEAL_MAX_JSON, NULL);

  return list != NULL;
}

static gboolean
take_all (Office *office, int medium, ImportResult *out_result, GError **error)
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
      g_autofree char *name = g_strconcat (MD_MEDIUM_FOLDER, bundles->pdata[i], NULL);
      g_autoptr (GError) local = NULL;
      const int folder = md_medium_open_in (medium, name, &local);

      if (folder < 0)
        g_printerr ("madoguchi-gateway: %s\n", local->message);
      if (folder < 0 || !take_bundle (office, folder, name))
        *out_result = IMPORT_PART;
    }
  return TRUE;
}

gboolean
import_medium (Office *office, const char *path, ImportResult *out_result, GError **error)
{
  const int medium = md_medium_open (path, error);
  gboolean looked = FALSE;

  if (medium < 0)
    return FALSE;
  if (is_bundle (medium))
    {
      *out_result = take_bundle (office, medium, path) ? IMPORT_WHOLE : IMPORT_PART;
      return TRUE;
    }
  looked = take_all (office, medium, out_result, error);
  close (medium);
  return looked;
}
