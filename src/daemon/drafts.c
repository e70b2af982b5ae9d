// SPDX-License-Identifier: Apache-2.0
/* Intakes that wait for their clerk to go on. What was typed comes here sealed to the clerk's own
 * card; the service knows whose it is, of which procedure, and how long it may stay. */
#include <glib/gi18n.h>

#include "call.h"
#include "drafts.h"

#define HOUR_MS (3600 * G_GINT64_CONSTANT (1000))

/* --- What is put aside --- */

/* How long the office lets one wait; 0 after answering that it keeps none. */
static gint64
keep_ms (Service *self, GDBusMethodInvocation *invocation, MdAuditEntry *entry)
{
  const gint64 hours = md_policy_get_limits (self->policy)->draft_hours;

  if (hours == 0)
    call_refuse (self, invocation, entry, "not-permitted",
                 g_error_new_literal (MD_BUS_ERROR, MD_BUS_ERROR_NOT_PERMITTED,
                                      _ ("This office does not let intakes be suspended. Finish "
                                         "it, or end it.")));
  return hours * HOUR_MS;
}

/* Sealed to the officer's card and to nobody else: what the service stores it cannot read, nor can
 * a colleague. */
static gboolean
is_sealed_to (GBytes *body, const MdPolicyStaff *officer)
{
  g_autoptr (GPtrArray) whom
      = g_ptr_array_new_with_free_func ((GDestroyNotify)md_certificate_unref);
  MdCertificate *certificate = officer->key_agreement != NULL
                                   ? md_certificate_new_from_der (officer->key_agreement, NULL)
                                   : NULL;

  if (certificate == NULL)
    return FALSE;
  g_ptr_array_add (whom, certificate);
  return md_cms_is_sealed_to (body, whom);
}

/* A call that puts something of an intake aside; borrowed. */
typedef struct
{
  GDBusMethodInvocation *invocation;
  const char *session, *intake;
  GUnixFDList *fds;
  GVariant *handle;
} PutAside;

/* What it puts aside, and who. */
typedef struct
{
  MdOutboxIntake *intake;
  GBytes *body;
  MdOutboxKeep keep;  /* borrows from both */
  MdAuditEntry entry; /* of "suspend" */
} Aside;

static void
aside_clear (Aside *aside)
{
  g_clear_pointer (&aside->intake, md_outbox_intake_free);
  g_clear_pointer (&aside->body, g_bytes_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Aside, aside_clear)

/* NULL after answering. */
static GBytes *
take_body (Service *self, const PutAside *call, const MdPolicyStaff *officer, MdAuditEntry *entry)
{
  GError *error = NULL;
  g_autoptr (GBytes) body = md_bus_payload_get (call->fds, call->handle, MD_LIMIT_CMS, &error);

  if (body != NULL && is_sealed_to (body, officer))
    return g_steal_pointer (&body);
  if (error == NULL)
    error = g_error_new_literal (MD_BUS_ERROR, MD_BUS_ERROR_CONTAINER_INVALID,
                                 _ ("What is put aside is not sealed to your staff card alone, so "
                                    "it was not stored. Tell the administrator."));
  call_refuse (self, call->invocation, entry, "not-sealed", error);
  return NULL;
}

/* FALSE after answering. */
static gboolean
take_aside (Service *self, const PutAside *call, Aside *aside)
{
  const MdPolicyStaff *officer = call_officer (self, call->invocation, call->session);

  aside->entry = call_entry (officer, "suspend");
  aside->intake = call_own_intake (self, call->invocation, officer, call->intake, &aside->entry);
  if (aside->intake == NULL)
    return FALSE;
  aside->keep.intake = call->intake;
  aside->keep.keep_ms = keep_ms (self, call->invocation, &aside->entry);
  if (aside->keep.keep_ms > 0)
    aside->keep.body = aside->body = take_body (self, call, officer, &aside->entry);
  return aside->body != NULL;
}

static gboolean
keep_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, GUnixFDList *fds,
         const char *session, const char *id, GVariant *handle, gpointer user_data)
{
  Service *self = user_data;
  const PutAside call = { invocation, session, id, fds, handle };
  g_auto (Aside) aside = { 0 };
  GError *error = NULL;

  if (!take_aside (self, &call, &aside))
    return TRUE;
  if (md_outbox_keep_draft (self->outbox, &aside.keep, &error))
    md_bus_terminal1_complete_keep_draft (object, invocation, NULL);
  else
    call_refuse (self, invocation, &aside.entry, "not-stored", error);
  return TRUE;
}

static gboolean
keep_visit_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, GUnixFDList *fds,
               const char *session, GVariant *visit, GVariant *handle, gpointer user_data)
{
  Service *self = user_data;
  PutAside call = { invocation, session, NULL, fds, handle };
  const char *procedure = NULL;
  g_auto (Aside) aside = { 0 };
  MdMay may;
  GError *error = NULL;

  g_variant_get (visit, "(&s&s)", &call.intake, &procedure);
  if (!take_aside (self, &call, &aside))
    return TRUE;
  may = md_policy_may_take_in (self->policy, aside.intake->clerk, procedure);
  if (may != MD_MAY_YES)
    call_refuse (
        self, invocation, &aside.entry, "not-permitted",
        g_error_new_literal (MD_BUS_ERROR, MD_BUS_ERROR_NOT_PERMITTED, md_may_get_message (may)));
  else if (md_outbox_keep_visit (self->outbox, &aside.keep, procedure, &error))
    md_bus_terminal1_complete_keep_visit (object, invocation, NULL);
  else
    call_refuse (self, invocation, &aside.entry, "not-stored", error);
  return TRUE;
}

static char *
until (const MdOutboxDraft *draft)
{
  return md_time_format_rfc3339 (draft->until_ms * 1000);
}

static gboolean
suspend_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, GUnixFDList *fds,
            const char *session, const char *id, GVariant *handle, gpointer user_data)
{
  Service *self = user_data;
  const PutAside call = { invocation, session, id, fds, handle };
  g_auto (Aside) aside = { 0 };
  g_autoptr (MdOutboxDraft) draft = NULL;
  g_autofree char *kept_until = NULL;
  GError *error = NULL;

  if (!take_aside (self, &call, &aside))
    return TRUE;
  aside.entry.reason = aside.intake->procedure;
  if (!md_outbox_suspend (self->outbox, &aside.keep, &aside.entry, &draft, &error))
    {
      call_refuse (self, invocation, &aside.entry, "not-suspended", error);
      return TRUE;
    }
  kept_until = until (draft);
  md_bus_terminal1_emit_intake_changed (object, id,
                                        md_intake_state_to_string (MD_INTAKE_ABANDONED));
  md_bus_terminal1_complete_suspend_intake (object, invocation, NULL, draft->id, kept_until);
  return TRUE;
}

/* --- Who sees it --- */

/* Their own, and the supervisor those of the sections they work for. */
static gboolean
may_erase (const MdPolicyStaff *officer, const MdOutboxDraft *draft)
{
  return g_strcmp0 (draft->clerk, officer->id) == 0
         || ((officer->roles & MD_ROLES (MD_ROLE_SUPERVISOR)) != 0
             && md_policy_is_in_charge (officer, draft->procedure));
}

/* The draft ID, as far as the officer may have to do with it; NULL after answering, as
 * call_officer() has where OFFICER is NULL. Of another officer's nothing is told, not even that it
 * is there. */
static MdOutboxDraft *
find_draft (Service *self, GDBusMethodInvocation *invocation, const MdPolicyStaff *officer,
            const char *id, gboolean erases, MdAuditEntry *entry)
{
  GError *error = NULL;
  g_autoptr (MdOutboxDraft) draft
      = officer != NULL ? md_outbox_get_draft (self->outbox, id, &error) : NULL;

  if (officer == NULL)
    return NULL;
  if (draft == NULL)
    {
      call_refuse (self, invocation, entry, "unknown-intake", error);
      return NULL;
    }
  entry->object = id;
  entry->reason = draft->procedure;
  if (erases ? may_erase (officer, draft) : g_strcmp0 (draft->clerk, officer->id) == 0)
    return g_steal_pointer (&draft);
  call_refuse (self, invocation, entry, "other-clerk",
               g_error_new_literal (MD_BUS_ERROR, MD_BUS_ERROR_NOT_PERMITTED,
                                    _ ("This intake is another officer's.")));
  return NULL;
}

static void
describe (Service *self, GVariantBuilder *builder, const MdPolicyStaff *officer,
          const MdOutboxDraft *draft)
{
  g_autofree char *kept_until = until (draft);
  const struct
  {
    const char *key, *value;
  } texts[] = { { "draft", draft->id },         { "procedure", draft->procedure },
                { "clerk", draft->clerk },      { "terminal", self->settings->terminal },
                { "begun", draft->begun },      { "kept_until", kept_until },
                { "replaces", draft->replaces } };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_variant_builder_add (builder, "{sv}", texts[i].key,
                           g_variant_new_string (texts[i].value != NULL ? texts[i].value : ""));
  g_variant_builder_add (builder, "{sv}", "own",
                         g_variant_new_boolean (g_strcmp0 (draft->clerk, officer->id) == 0));
}

static gboolean
list_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, const char *session,
         gpointer user_data)
{
  Service *self = user_data;
  const MdPolicyStaff *officer = call_officer (self, invocation, session);
  g_autoptr (GPtrArray) drafts = NULL;
  GVariantBuilder rows;
  GError *error = NULL;

  if (officer == NULL)
    return TRUE;
  drafts_sweep (self);
  drafts = md_outbox_list_drafts (
      self->outbox, officer->roles & MD_ROLES (MD_ROLE_SUPERVISOR) ? NULL : officer->id, &error);
  if (drafts == NULL)
    {
      call_fail (invocation, error);
      return TRUE;
    }
  g_variant_builder_init (&rows, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < drafts->len; i++)
    {
      const MdOutboxDraft *draft = g_ptr_array_index (drafts, i);

      if (!may_erase (officer, draft))
        continue;
      g_variant_builder_open (&rows, G_VARIANT_TYPE_VARDICT);
      describe (self, &rows, officer, draft);
      g_variant_builder_close (&rows);
    }
  md_bus_terminal1_complete_list_drafts (object, invocation, g_variant_builder_end (&rows));
  return TRUE;
}

/* --- Going on --- */

static gboolean
get_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, GUnixFDList *fds,
        const char *session, const char *id, gpointer user_data)
{
  Service *self = user_data;
  const MdPolicyStaff *officer = call_officer (self, invocation, session);
  MdAuditEntry entry = call_entry (officer, "resume");
  g_autoptr (MdOutboxDraft) draft = find_draft (self, invocation, officer, id, FALSE, &entry);
  g_autoptr (GBytes) body = NULL;
  g_autoptr (GUnixFDList) out = g_unix_fd_list_new ();
  GVariant *handle = NULL;
  GVariantBuilder info;
  GError *error = NULL;

  if (draft == NULL)
    return TRUE;
  body = md_outbox_get_draft_body (self->outbox, id, &error);
  if (body != NULL)
    handle = md_bus_payload_append (out, body, &error);
  if (handle == NULL)
    {
      call_refuse (self, invocation, &entry, "not-here", error);
      return TRUE;
    }
  g_variant_builder_init (&info, G_VARIANT_TYPE_VARDICT);
  describe (self, &info, officer, draft);
  md_bus_terminal1_complete_get_draft (object, invocation, out, handle,
                                       g_variant_builder_end (&info));
  return TRUE;
}

static gboolean
resume_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, const char *session,
           const char *id, gpointer user_data)
{
  Service *self = user_data;
  const MdPolicyStaff *officer = call_officer (self, invocation, session);
  MdAuditEntry entry = call_entry (officer, "resume");
  g_autoptr (MdOutboxDraft) draft = find_draft (self, invocation, officer, id, FALSE, &entry);
  GVariant *reservation
      = draft != NULL ? intake_resume (self, invocation, officer, draft, &entry) : NULL;

  if (reservation != NULL)
    md_bus_terminal1_complete_resume_intake (object, invocation, reservation);
  return TRUE;
}

/* Kept between two intakes, and suspended by nobody. */
static gboolean
is_of_visit (Service *self, const MdOutboxDraft *draft)
{
  g_autoptr (MdOutboxIntake) last = md_outbox_get (self->outbox, draft->id, NULL);

  return last != NULL;
}

static gboolean
erase_cb (MdBusTerminal1 *object, GDBusMethodInvocation *invocation, const char *session,
          const char *id, gpointer user_data)
{
  Service *self = user_data;
  const MdPolicyStaff *officer = call_officer (self, invocation, session);
  MdAuditEntry entry = call_entry (officer, "erase-draft");
  g_autoptr (MdOutboxDraft) draft = find_draft (self, invocation, officer, id, TRUE, &entry);
  GError *error = NULL;

  if (draft == NULL)
    return TRUE;
  if (g_strcmp0 (draft->clerk, officer->id) != 0)
    entry.detail = "by=supervisor";
  else
    entry.detail = is_of_visit (self, draft) ? "by=own-clerk of=visit" : "by=own-clerk";
  if (md_outbox_erase_draft (self->outbox, id, &entry, &error))
    {
      drafts_settle (self);
      md_bus_terminal1_complete_erase_draft (object, invocation);
    }
  else
    call_refuse (self, invocation, &entry, "not-erased", error);
  return TRUE;
}

/* --- Its end --- */

void
drafts_settle (Service *self)
{
  if (self->outbox != NULL && md_outbox_take_erased (self->outbox) && self->checkpointer != NULL)
    md_db_checkpointer_empty_log (self->checkpointer);
}

void
drafts_sweep (Service *self)
{
  g_autofree char *version
      = md_audit_detail_number (self->policy != NULL ? md_policy_get_version (self->policy) : 0);
  g_autofree char *detail = g_strdup_printf ("count=1 cause=period by=policy version=%s", version);
  const MdAuditEntry entry = { .event = "erase-draft", .detail = detail };
  g_autoptr (GError) error = NULL;
  guint erased = 0;

  if (self->outbox == NULL || self->database_trouble != NULL || !self->clock_believed)
    return;
  if (!md_outbox_sweep_drafts (self->outbox, &entry, &erased, &error))
    g_message ("%s", error->message);
  drafts_settle (self);
}

void
drafts_connect (Service *self)
{
  g_signal_connect (self->skeleton, "handle-keep-draft", G_CALLBACK (keep_cb), self);
  g_signal_connect (self->skeleton, "handle-keep-visit", G_CALLBACK (keep_visit_cb), self);
  g_signal_connect (self->skeleton, "handle-suspend-intake", G_CALLBACK (suspend_cb), self);
  g_signal_connect (self->skeleton, "handle-list-drafts", G_CALLBACK (list_cb), self);
  g_signal_connect (self->skeleton, "handle-get-draft", G_CALLBACK (get_cb), self);
  g_signal_connect (self->skeleton, "handle-resume-intake", G_CALLBACK (resume_cb), self);
  g_signal_connect (self->skeleton, "handle-erase-draft", G_CALLBACK (erase_cb), self);
}
