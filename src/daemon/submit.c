// SPDX-License-Identifier: Apache-2.0
/* A submission: what the window sealed and the clerk signed, held against what was reserved. The
 * container is not opened: nobody here could. */
#include <glib/gi18n.h>
#include "md-seal.h"

#include "call.h"
#include "drafts.h"
#include "letters.h"
#include "naming.h"
#include "waiver.h"

/* A refusal: a word for the log, a cause and a sentence for the window. */
typedef struct
{
  const char *cause;
  GError *error;
} Refusal;

static gboolean
refuse (Refusal *out, const char *cause, MdBusError code, const char *message)
{
  out->cause = cause;
  out->error = g_error_new_literal (MD_BUS_ERROR, (gint)code, message);
  return FALSE;
}

static gboolean
refuse_mismatch (Refusal *out, const char *cause)
{
  return refuse (
      out, cause, MD_BUS_ERROR_RESERVATION_MISMATCH,
      _ ("The application does not fit its reservation, so it was not accepted. Start the "
         "intake again; the resident's card is needed once more."));
}

static MdIdentificationJudgement
judge_identification (Service *self, const MdManifest *manifest)
{
  const MdPolicyIdentified identified = { .method = manifest->identification_method,
                                          .verdict = manifest->identification_verdict,
                                          .revocation = manifest->identification_revocation,
                                          .assurance = manifest->identification_assurance,
                                          .released = manifest->releases->len > 0 };

  return md_policy_judge_identification (self->policy, manifest->procedure, &identified);
}

/* By the words of the manifest; what proves them is sealed. The window judged the same, so this
 * refuses a window that was changed. */
static gboolean
check_identification (Service *self, const MdManifest *manifest, Refusal *out)
{
  static const char *const messages[] = {
    [MD_IDENTIFICATION_METHOD]
    = N_ ("This procedure does not accept the way in which the person was identified. Start the "
          "intake again, and identify the person with the card and its PIN."),
    [MD_IDENTIFICATION_UNKNOWN]
    = N_ ("The result of the identification is none that there is, so the application was not "
          "accepted. Start the intake again, and tell the administrator."),
    [MD_IDENTIFICATION_STOPPED]
    = N_ ("The identification did not succeed, so the application was not accepted. The intake "
          "cannot go on with this card."),
    [MD_IDENTIFICATION_DEFERRED]
    = N_ ("For this procedure the card's certificate must be checked for revocation at once. "
          "Start the intake again when the line is back."),
    [MD_IDENTIFICATION_CONTRADICTION]
    = N_ ("The result of the identification contradicts itself, so the application was not "
          "accepted. Start the intake again, and tell the administrator."),
    [MD_IDENTIFICATION_ASSURANCE]
    = N_ ("This procedure asks for a surer identification than the one that was made. Start the "
          "intake again, and ask for a document with a photograph or for the card."),
  };
  MdIdentificationJudgement judgement = judge_identification (self, manifest);

  if (g_strcmp0 (manifest->identification_method, MD_METHOD_NONE) == 0
      && md_identification_is_accepted (judgement)
      && !waiver_is_given (self, manifest->procedure, manifest->procedure_version))
    judgement = MD_IDENTIFICATION_ASSURANCE;
  return md_identification_is_accepted (judgement)
         || refuse (out, md_identification_get_word (judgement), MD_BUS_ERROR_CONTAINER_INVALID,
                    gettext (messages[judgement]));
}

/* The day by which it is judged where it came by post, and only there. */
static gboolean
check_received (Service *self, const MdManifest *manifest, Refusal *out)
{
  const gboolean by_post
      = g_strcmp0 (manifest->identification_method, MD_METHOD_POSTED_COPIES) == 0;

  if (by_post == (manifest->received != NULL)
      && md_policy_takes_received (self->policy, manifest->identification_method,
                                   manifest->received, manifest->wall))
    return TRUE;
  return refuse (out, "receipt-day", MD_BUS_ERROR_CONTAINER_INVALID,
                 _ ("The application does not say on which day it came by post, or that day cannot "
                    "be. Look at the stamp of receipt, and correct it."));
}

/* As the gateway will: by the policy that it names, on the day on which it was begun. */
static gboolean
check_version (Service *self, const MdManifest *manifest, Refusal *out)
{
  if (md_policy_judge_version (self->policy, manifest->procedure, manifest->procedure_version,
                               manifest->wall)
      == MD_VERSION_GOOD)
    return TRUE;
  return refuse (out, "procedure-version", MD_BUS_ERROR_CONTAINER_INVALID,
                 _ ("The application is filled in by a version of the form that the office's "
                    "policy does not take, so it was not accepted: it would not arrive. Tell the "
                    "administrator."));
}

static gboolean
check_manifest (Service *self, const MdManifest *manifest, const MdOutboxIntake *intake,
                const MdPolicyStaff *officer, Refusal *out)
{
  g_autofree char *nonce
      = intake->nonce != NULL ? md_hex_encode_bytes (intake->nonce) : g_strdup ("");
  const struct
  {
    const char *given;
    const char *wanted;
    const char *cause;
  } rows[] = {
    { manifest->intake, intake->id, "intake" },
    { manifest->receipt_number, intake->receipt_number, "receipt-number" },
    { manifest->procedure, intake->procedure, "procedure" },
    { manifest->office, self->settings->office, "office" },
    { manifest->terminal, self->settings->terminal, "terminal" },
    { manifest->clerk, intake->clerk, "clerk" },
    { intake->clerk, officer->id, "session" },
    { manifest->replaces, intake->replaces, "replaces" },
    { manifest->wall, intake->time, "time" },
    { manifest->boot_id, intake->boot_id, "boot-id" },
    { manifest->nonce_state, intake->nonce_state, "nonce-state" },
    { manifest->nonce, nonce, "nonce" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (g_strcmp0 (rows[i].given, rows[i].wanted) != 0)
      return refuse_mismatch (out, rows[i].cause);
  if (manifest->monotonic_ns != intake->monotonic_ns)
    return refuse_mismatch (out, "monotonic");
  if (manifest->policy_version != intake->policy_version)
    return refuse_mismatch (out, "policy-version");
  if (manifest->policy_version != md_policy_get_version (self->policy)
      || g_strcmp0 (manifest->policy_digest, md_policy_get_digest (self->policy)) != 0)
    return refuse (
        out, "policy-changed", MD_BUS_ERROR_POLICY_CHANGED,
        _ ("The office's policy changed during this intake. Start the intake again, so that "
           "the new rules hold."));
  return check_version (self, manifest, out) && check_received (self, manifest, out)
         && check_identification (self, manifest, out);
}

/* The clerk's signature is by the very certificate that the policy names. */
static gboolean
check_signer (const MdContainer *container, const MdPolicyStaff *officer, Refusal *out)
{
  g_autoptr (MdCmsSigner) signer = NULL;
  MdCertificate *certificate;

  if (!md_container_verify_signature (container, &signer, &out->error))
    {
      out->cause = "signature";
      return FALSE;
    }
  certificate = md_cms_signer_get_certificate (signer);
  if (officer->sign == NULL || !g_bytes_equal (md_certificate_get_der (certificate), officer->sign))
    return refuse (
        out, "foreign-signature", MD_BUS_ERROR_SIGNATURE_INVALID,
        _ ("The application is not signed with the staff card of the officer who is logged in. "
           "Sign it again with your own staff card."));
  return TRUE;
}

/* The version of the procedure's form by which it was filled in, NULL where it is not here. */
static MdForm *
find_form (Service *self, const MdManifest *manifest)
{
  return self->catalogue != NULL ? md_catalogue_get_form_version (
             self->catalogue, manifest->procedure, manifest->procedure_version)
                                 : NULL;
}

/* Takes what the policy said. */
static GPtrArray *
read_certificates (GPtrArray *owned, GError **error)
{
  g_autoptr (GPtrArray) ders = owned;
  g_autoptr (GPtrArray) list
      = g_ptr_array_new_with_free_func ((GDestroyNotify)md_certificate_unref);

  for (guint i = 0; ders != NULL && i < ders->len; i++)
    {
      MdCertificate *certificate = md_certificate_new_from_der (g_ptr_array_index (ders, i), error);

      if (certificate == NULL)
        return NULL;
      g_ptr_array_add (list, certificate);
    }
  return ders != NULL ? g_steal_pointer (&list) : NULL;
}

/* Who may open the parts under the policy, what is no attachment. */
static gboolean
add_entitled (Service *self, const MdManifest *manifest, MdForm *form, MdRecipients kind,
              GPtrArray *sets, GError **error)
{
  GPtrArray *set = read_certificates (md_policy_get_recipients (self->policy, manifest->procedure,
                                                                md_form_get_profile (form), kind,
                                                                manifest->clerk, error),
                                      error);

  if (set != NULL)
    g_ptr_array_add (sets, set);
  return set != NULL;
}

/* The same of an attachment. The manifest says whether it is sealed as the number is; of which
 * other class its paper is, it does not: then it is of one that a paper of the form has. */
static gboolean
add_readers (Service *self, const MdManifest *manifest, MdForm *form, gboolean number,
             GPtrArray *sets, GError **error)
{
  g_autofree const char **papers = md_form_list_paper_ids (form);

  for (gsize i = 0; papers[i] != NULL; i++)
    {
      const MdSensitivity class = md_form_get_paper_class (form, papers[i]);
      GPtrArray *set = NULL;

      if ((class == MD_CLASS_MY_NUMBER) != number)
        continue;
      set = read_certificates (md_policy_get_class_recipients (self->policy, manifest->procedure,
                                                               md_form_get_profile (form), class,
                                                               manifest->clerk, error),
                               error);
      if (set == NULL)
        return FALSE;
      g_ptr_array_add (sets, set);
    }
  return TRUE;
}

/* Each set of those to whom this part may be sealed (element-type GPtrArray of MdCertificate), NULL
 * when that cannot be said. */
static GPtrArray *
entitled (Service *self, const MdManifest *manifest, const MdManifestPart *part, GError **error)
{
  MdForm *form = find_form (self, manifest);
  g_autoptr (GPtrArray) sets = g_ptr_array_new_with_free_func ((GDestroyNotify)g_ptr_array_unref);
  gboolean known = FALSE;

  if (form == NULL)
    g_set_error (error, MD_BUS_ERROR, MD_BUS_ERROR_FAILED,
                 _ ("The definition of the procedure %s is missing on this terminal. Call the "
                    "administrator."),
                 manifest->procedure);
  else if (!md_seal_is_attachment_name (part->name))
    known = add_entitled (self, manifest, form,
                          g_str_equal (part->name, MD_SEAL_PART_NUMBER) ? MD_RECIPIENTS_NUMBER
                                                                        : MD_RECIPIENTS_APPLICATION,
                          sets, error);
  else
    known = part->readers == NULL /* for nobody: a window of before sealed it */
            || add_readers (self, manifest, form,
                            g_str_equal (part->readers, MD_SEAL_READERS_NUMBER), sets, error);
  return known ? g_steal_pointer (&sets) : NULL;
}

/* Of all the sets the first is the same: the business system, or the number's vault. */
static gboolean
is_for_office (GBytes *part, const GPtrArray *sets)
{
  const GPtrArray *first = sets->len > 0 ? g_ptr_array_index (sets, 0) : NULL;

  return first != NULL && md_cms_is_recipient (part, g_ptr_array_index (first, 0));
}

static gboolean
is_for_one_set (GBytes *part, const GPtrArray *sets)
{
  for (guint i = 0; i < sets->len; i++)
    if (md_cms_is_sealed_to (part, g_ptr_array_index (sets, i)))
      return TRUE;
  return FALSE;
}

/* A part that its office could not open would be lost although it arrived; one that somebody else
 * can open is lost in another way. */
static gboolean
check_part (Service *self, const MdContainer *container, const MdManifestPart *named, Refusal *out)
{
  GBytes *part = md_container_get_entry (container, named->name);
  g_autoptr (GPtrArray) sets = NULL;
  guint n;

  if (!md_cms_check_sealed (part, &n, &out->error))
    {
      out->cause = "part-malformed";
      call_translate (&out->error);
      out->error->code = MD_BUS_ERROR_CONTAINER_INVALID;
      return FALSE;
    }
  sets = entitled (self, md_container_get_manifest (container), named, &out->error);
  if (sets == NULL)
    {
      out->cause = "recipients";
      return FALSE;
    }
  if (!is_for_office (part, sets))
    return refuse (
        out, "wrong-recipient", MD_BUS_ERROR_CONTAINER_INVALID,
        _ ("The application is not sealed for the back office of this ward. Start the intake "
           "again; if it happens again, call the administrator."));
  if (!is_for_one_set (part, sets))
    return refuse (
        out, "recipients-differ", MD_BUS_ERROR_CONTAINER_INVALID,
        _ ("The application is not sealed to exactly those who may open it, so it was not "
           "accepted. Start the intake again, and tell the administrator."));
  return TRUE;
}

/* The window holds to the same limits, so this refuses a window that was changed. */
static gboolean
check_attachments (Service *self, const MdManifest *manifest, Refusal *out)
{
  guint64 largest, total;
  const guint n = md_manifest_count_attachments (manifest, &largest, &total);

  return md_policy_takes_attachments (self->policy, n, largest, total)
         || refuse (out, "attachments", MD_BUS_ERROR_CONTAINER_INVALID,
                    _ ("The application has more scanned documents, or larger ones, than the "
                       "office's policy allows. Take some out, or scan them again in grey at 200 "
                       "dots per inch."));
}

/* Every part there is, attachments included; application and evidence must be there. */
static gboolean
check_parts (Service *self, const MdContainer *container, Refusal *out)
{
  const GPtrArray *parts = md_container_get_manifest (container)->parts;

  if (md_container_get_entry (container, MD_SEAL_PART_APPLICATION) == NULL
      || md_container_get_entry (container, MD_SEAL_PART_EVIDENCE) == NULL)
    return refuse (out, "part-missing", MD_BUS_ERROR_CONTAINER_INVALID,
                   _ ("A part of the application is missing. Start the intake again; if it happens "
                      "again, call the administrator."));
  if (!check_attachments (self, md_container_get_manifest (container), out))
    return FALSE;
  for (guint i = 0; i < parts->len; i++)
    {
      const MdManifestPart *part = g_ptr_array_index (parts, i);

      if (!check_part (self, container, part, out))
        return FALSE;
    }
  return TRUE;
}

/* The window has said of whom it is: so that nobody gets past a namesake by keeping silent. And the
 * manifest says the same, so that who opens it later finds out if somebody else was sealed. */
static gboolean
check_named (Service *self, const MdManifest *manifest, Refusal *out)
{
  g_autofree char *named = md_outbox_dup_named (self->outbox, manifest->intake, &out->error);

  G_STATIC_ASSERT (MD_MANIFEST_N_NAMED == MD_N_NAMED);
  out->cause = "not-named";
  if (named == NULL)
    return FALSE;
  if (*named == '\0')
    return refuse_mismatch (out, "not-named");
  return naming_fits (named, manifest->named) || refuse_mismatch (out, "named-otherwise");
}

/* Nothing holds it up, and the manifest carries the releases that were given here: each, and no
 * other. */
static gboolean
check_holds (Service *self, const MdManifest *manifest, Refusal *out)
{
  g_autoptr (GPtrArray) holds = md_outbox_list_holds (self->outbox, manifest->intake, &out->error);
  gboolean same = holds != NULL && holds->len == manifest->releases->len;

  out->cause = "holds";
  if (holds == NULL)
    return FALSE;
  for (guint i = 0; i < holds->len; i++)
    {
      const MdOutboxHold *hold = g_ptr_array_index (holds, i);
      const MdReleaseFiles *files = same ? g_ptr_array_index (manifest->releases, i) : NULL;

      if (hold->release == NULL)
        return refuse (out, "held", MD_BUS_ERROR_HELD,
                       _ ("This intake is stopped. Call the supervisor, who can release it with "
                          "their own card, or end the intake."));
      same = same && g_bytes_equal (hold->release, files->release)
             && g_bytes_equal (hold->signature, files->signature);
    }
  return same
         || refuse (out, "releases", MD_BUS_ERROR_CONTAINER_INVALID,
                    _ ("The application does not say who released it, so it was not accepted. "
                       "Start the intake again, and tell the administrator."));
}

/* Filed by the letter of delegation that was cited for it here, or by none. */
static gboolean
check_letter (Service *self, const MdManifest *manifest, Refusal *out)
{
  out->cause = "delegation";
  return letters_check (self, manifest, &out->error);
}

static gboolean
check (Service *self, const MdContainer *container, const MdOutboxIntake *intake,
       const MdPolicyStaff *officer, Refusal *out)
{
  gint64 now = md_clock_get_wall_us (self->clock) / G_USEC_PER_SEC;

  if (!check_manifest (self, md_container_get_manifest (container), intake, officer, out)
      || !check_named (self, md_container_get_manifest (container), out)
      || !check_holds (self, md_container_get_manifest (container), out)
      || !check_letter (self, md_container_get_manifest (container), out))
    return FALSE;
  if (md_container_get_last_signature (container) != 1)
    return refuse (out, "decision-inside", MD_BUS_ERROR_CONTAINER_INVALID,
                   _ ("The application carries a decision already. Start the intake again."));
  if (!check_signer (container, officer, out))
    return FALSE;
  if (!md_container_verify (container, self->staff_trust, now, &out->error))
    {
      out->cause = "verification";
      return FALSE;
    }
  return check_parts (self, container, out);
}

static gboolean
store (Service *self, const MdContainer *container, const MdAuditEntry *entry, GError **error)
{
  const MdManifest *manifest = md_container_get_manifest (container);
  GBytes *manifest_bytes = md_container_get_entry (container, "manifest.json");
  GBytes *signature = md_container_get_entry (container, "META-INF/signature001.p7s");
  g_autofree char *manifest_sha256
      = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, manifest_bytes);
  g_autofree char *signature_sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, signature);
  MdForm *form = find_form (self, manifest);
  MdOutboxSubmission submission
      = { .id = manifest->intake,
          .container = md_container_get_bytes (container),
          .manifest_sha256 = manifest_sha256,
          .signature_sha256 = signature_sha256,
          .deferred = judge_identification (self, manifest) == MD_IDENTIFICATION_ACCEPTED_DEFERRED,
          .urgent = form != NULL && md_form_is_immediate (form),
          .confirm = { .differences = manifest->differences,
                       .number_blank = manifest->number_missing,
                       .released = manifest->releases->len } };

  return md_outbox_submit (self->outbox, &submission, entry, error);
}

static gsize
size_limit (Service *self)
{
  const MdPolicyLimits *limits = md_policy_get_limits (self->policy);

  return limits != NULL && limits->container_bytes > 0
             ? (gsize)MIN (limits->container_bytes, MD_LIMIT_CONTAINER)
             : MD_LIMIT_CONTAINER;
}

static void
accept (Service *self, GDBusMethodInvocation *invocation, const char *id)
{
  GError *error = NULL;
  g_autoptr (MdOutboxIntake) stored = md_outbox_get (self->outbox, id, &error);

  md_delivery_wake (self->delivery);
  service_refresh (self);
  if (stored == NULL)
    {
      call_fail (invocation, error);
      return;
    }
  drafts_settle (self);
  md_bus_terminal1_emit_intake_changed (self->skeleton, id,
                                        md_intake_state_to_string (stored->state));
  md_bus_terminal1_complete_submit_intake (self->skeleton, invocation, NULL, stored->receipt_number,
                                           md_intake_state_to_string (stored->state));
}

/* "replaces=NUMBER", "delegation=NUMBER" or both for the log, or NULL. (transfer full) */
static char *
describe_links (Service *self, const MdOutboxIntake *intake, const MdManifest *manifest)
{
  g_autoptr (MdOutboxIntake) returned
      = intake->replaces != NULL ? md_outbox_get (self->outbox, intake->replaces, NULL) : NULL;
  g_autoptr (GString) words = g_string_new (NULL);

  if (returned != NULL)
    g_string_append_printf (words, "replaces=%s", returned->receipt_number);
  if (manifest->delegation_number != NULL)
    g_string_append_printf (words, "%sdelegation=%s", words->len > 0 ? " " : "",
                            manifest->delegation_number);
  return words->len > 0 ? g_string_free (g_steal_pointer (&words), FALSE) : NULL;
}

static gboolean
submit_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, GUnixFDList *fds,
           const char *session, const char *id, GVariant *handle, gpointer user_data)
{
  Service *self = user_data;
  const MdPolicyStaff *officer = call_officer (self, invocation, session);
  MdAuditEntry entry = call_entry (officer, "submit");
  g_autoptr (MdOutboxIntake) intake = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (MdContainer) container = NULL;
  g_autofree char *detail = NULL;
  Refusal refusal = { "unreadable", NULL };
  gboolean known = FALSE;

  if (officer == NULL)
    return TRUE;
  entry.reason = "intake";
  intake = md_outbox_get (self->outbox, id, &refusal.error);
  if (intake == NULL)
    {
      call_refuse (self, invocation, &entry, "unknown-intake", refusal.error);
      return TRUE;
    }
  entry.object = id;
  bytes = md_bus_payload_get (fds, handle, size_limit (self), &refusal.error);
  if (bytes != NULL && !md_outbox_knows (self->outbox, id, 1, bytes, &known, &refusal.error))
    g_clear_pointer (&bytes, g_bytes_unref);
  if (known)
    {
      /* Stored already, whatever changed since: only the answer was lost. */
      accept (self, invocation, id);
      return TRUE;
    }
  if (bytes != NULL)
    container = md_container_parse (bytes, &refusal.error);
  if (container == NULL || !check (self, container, intake, officer, &refusal))
    {
      call_refuse (self, invocation, &entry, refusal.cause, refusal.error);
      return TRUE;
    }
  entry.detail = detail = describe_links (self, intake, md_container_get_manifest (container));
  if (!store (self, container, &entry, &refusal.error))
    call_refuse (self, invocation, &entry, "not-stored", refusal.error);
  else
    accept (self, invocation, id);
  return TRUE;
}

void
submit_connect (Service *self)
{
  g_signal_connect (self->skeleton, "handle-submit-intake", G_CALLBACK (submit_cb), self);
}
