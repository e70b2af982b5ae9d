// SPDX-License-Identifier: Apache-2.0
// A suspended intake before it goes on: only the officer's own card opens it.
#include "config.h"

#include <glib/gi18n.h>

#include <md-base.h>

#include "md-draft.h"
#include "md-intake-flow-private.h"

struct _MdDraft
{
  GObject parent_instance;

  MdDesk *desk; /* owns us; NULL once ended */
  MdDraftRow *row;
  MdDraftWait wait;
  MdTrouble *trouble;
  GCancellable *cancellable;
  GBytes *sealed;
  MdDraftWait before; /* ERASING */
};

G_DEFINE_FINAL_TYPE (MdDraft, md_draft, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_WAIT,
  PROP_SENTENCE,
  PROP_TROUBLE,
  PROP_ROW,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
md_draft_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  MdDraft *self = MD_DRAFT (object);

  if (id == PROP_WAIT)
    g_value_set_int (value, (int)self->wait);
  else if (id == PROP_SENTENCE)
    g_value_set_string (value, md_draft_get_sentence (self));
  else if (id == PROP_TROUBLE)
    g_value_set_object (value, self->trouble);
  else
    g_value_set_object (value, self->row);
}

static void
md_draft_dispose (GObject *object)
{
  MdDraft *self = MD_DRAFT (object);

  _md_draft_end (self);
  g_clear_object (&self->row);
  G_OBJECT_CLASS (md_draft_parent_class)->dispose (object);
}

static void
md_draft_class_init (MdDraftClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = md_draft_dispose;
  object_class->get_property = md_draft_get_property;
  properties[PROP_WAIT] = g_param_spec_int ("wait", NULL, NULL, 0, MD_DRAFT_WAIT_DONE, 0, flags);
  properties[PROP_SENTENCE] = g_param_spec_string ("sentence", NULL, NULL, NULL, flags);
  properties[PROP_TROUBLE] = g_param_spec_object ("trouble", NULL, NULL, MD_TYPE_TROUBLE, flags);
  properties[PROP_ROW] = g_param_spec_object ("row", NULL, NULL, MD_TYPE_DRAFT_ROW, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
md_draft_init (MdDraft *self)
{
  self->cancellable = g_cancellable_new ();
}

MdDraftWait
md_draft_get_wait (MdDraft *self)
{
  return self->wait;
}

const char *
md_draft_get_sentence (MdDraft *self)
{
  static const char *const sentences[] = {
    [MD_DRAFT_WAIT_LOADING] = N_ ("Fetching the suspended intake."),
    [MD_DRAFT_WAIT_PIN] = N_ ("Open the suspended intake with the PIN of your staff card."),
    [MD_DRAFT_WAIT_OPENING] = N_ ("Opening it. Do not move the staff card."),
    [MD_DRAFT_WAIT_ERASING] = N_ ("Erasing it."),
    [MD_DRAFT_WAIT_OTHER] = N_ ("Another officer suspended this intake."),
    [MD_DRAFT_WAIT_REFUSED] = N_ ("This suspended intake cannot be continued here."),
    [MD_DRAFT_WAIT_DONE] = N_ ("It is done."),
  };
  const char *sentence = gettext (sentences[self->wait]);

  return self->desk && self->wait == MD_DRAFT_WAIT_OPENING
             ? _md_staff_pin_sentence (md_desk_get_staff_pin (self->desk), sentence)
             : sentence;
}

MdTrouble *
md_draft_get_trouble (MdDraft *self)
{
  return self->trouble;
}

static void
set_wait (MdDraft *self, MdDraftWait wait, MdTrouble *trouble)
{
  if (g_set_object (&self->trouble, trouble))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TROUBLE]);
  self->wait = wait;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WAIT]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SENTENCE]);
}

static MdTrouble *
unreadable (const char *why, const char *detail)
{
  return _md_trouble_new (_ ("This suspended intake cannot be opened."), why,
                          _ ("Erase it, and take the application in anew."), detail);
}

/* It is no draft that this officer can go on with. */
static void
refuse (MdDraft *self, const GError *error)
{
  g_autoptr (MdTrouble) trouble = NULL;

  _md_desk_record_failure (self->desk, "resume", md_draft_row_get_draft (self->row), error);
  if (g_error_matches (error, MD_PKI_ERROR, MD_PKI_ERROR_NOT_RECIPIENT))
    trouble = unreadable (_ ("It was sealed to a staff card, or to a certificate of yours, that "
                             "was replaced meanwhile. What was typed cannot be read by anybody."),
                          error->message);
  else if (error->domain == MD_PKI_ERROR)
    trouble = unreadable (_ ("It was altered or damaged where it was stored. What was typed cannot "
                             "be read by anybody."),
                          error->message);
  else if (error->domain == MD_FORMS_ERROR)
    trouble = _md_trouble_new (error->message, NULL, NULL, NULL);
  else
    trouble = _md_trouble_new_from_error (error);
  set_wait (self, MD_DRAFT_WAIT_REFUSED, trouble);
}

/* --- fetching --- */

static gboolean
has_key (MdDraft *self)
{
  const MdPolicyStaff *staff = self->desk ? _md_desk_staff (self->desk) : NULL;

  return staff && staff->key_agreement;
}

/* Whether the officer's card can open it at all: no PIN is asked for in vain. */
static gboolean
can_be_opened (MdDraft *self, GError **error)
{
  g_autoptr (MdCertificate) own = NULL;

  if (!md_cms_check_sealed (self->sealed, NULL, error))
    return FALSE;
  if (has_key (self))
    own = md_certificate_new_from_der (_md_desk_staff (self->desk)->key_agreement, NULL);
  if (own && md_cms_is_recipient (self->sealed, own))
    return TRUE;
  g_set_error_literal (error, MD_PKI_ERROR, MD_PKI_ERROR_NOT_RECIPIENT,
                       "it is not sealed to the certificate that the policy names");
  return FALSE;
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (MdDraft) self = data;
  g_autoptr (GUnixFDList) fds = NULL;
  g_autoptr (GVariant) handle = NULL, info = NULL;
  g_autoptr (GError) error = NULL;

  if (md_bus_terminal1_call_get_draft_finish (MD_BUS_TERMINAL1 (source), &handle, &info, &fds,
                                              result, &error))
    self->sealed = md_bus_payload_get (fds, handle, MD_LIMIT_CMS, &error);
  if (!self->desk)
    return;
  if (!self->sealed || !can_be_opened (self, &error))
    {
      refuse (self, error);
      return;
    }
  set_wait (self, MD_DRAFT_WAIT_PIN, NULL);
  md_staff_pin_want (md_desk_get_staff_pin (self->desk));
}

MdDraft *
_md_draft_new (MdDesk *desk, MdDraftRow *row)
{
  MdDraft *self = g_object_new (MD_TYPE_DRAFT, NULL);

  self->desk = desk;
  self->row = g_object_ref (row);
  if (!md_draft_row_get_own (row))
    self->wait = MD_DRAFT_WAIT_OTHER;
  else
    md_bus_terminal1_call_get_draft (_md_desk_get_proxy (desk), _md_desk_get_session (desk),
                                     md_draft_row_get_draft (row), NULL, self->cancellable,
                                     loaded_cb, g_object_ref (self));
  return self;
}

void
_md_draft_end (MdDraft *self)
{
  self->desk = NULL;
  if (self->cancellable)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->trouble);
  g_clear_pointer (&self->sealed, g_bytes_unref);
}

/* --- opening --- */

typedef struct
{
  GBytes *sealed;
  MdStaffEntry entry;
  GBytes *own_certificate; /* DER; no other card will do */
} Opening;

static void
opening_free (gpointer data)
{
  Opening *job = data;

  g_bytes_unref (job->sealed);
  g_clear_pointer (&job->entry.pin, md_secret_unref);
  g_bytes_unref (job->own_certificate);
  g_free (job);
}

static gboolean
is_own (const Opening *job, const MdCertificate *certificate, GError **error)
{
  if (g_bytes_equal (md_certificate_get_der (certificate), job->own_certificate))
    return TRUE;
  g_set_error_literal (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_FOREIGN_CARD,
                       _ ("The card on the staff reader is not yours."));
  return FALSE;
}

/* Its scans are looked through here, too. */
static MdFormDraft *
read_draft (GBytes *clear, GCancellable *cancellable, GError **error)
{
  MdFormDraft *draft
      = md_form_draft_parse (g_bytes_get_data (clear, NULL), g_bytes_get_size (clear), error);

  if (draft)
    md_form_draft_read_scans (draft, cancellable);
  return draft;
}

/* On the worker: an MdFormDraft. */
static gpointer
open_func (MdCardConnection *connection, gpointer data, GCancellable *cancellable, GError **error)
{
  Opening *job = data;
  g_autoptr (MdStaffCard) card = md_staff_card_new (connection, cancellable, error);
  g_autoptr (MdCertificate) certificate = NULL;
  g_autoptr (MdKey) key = card ? md_staff_key_new (card, MD_STAFF_SLOT_OPEN, &job->entry,
                                                   &certificate, cancellable, error)
                               : NULL;

  g_autoptr (GBytes) clear = key && is_own (job, certificate, error)
                                 ? md_cms_open (job->sealed, key, certificate, error)
                                 : NULL;
  g_autoptr (MdFormDraft) draft = clear ? read_draft (clear, cancellable, error) : NULL;

  if (draft && g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  return g_steal_pointer (&draft);
}

/* It stays as it is, and the officer may try again. */
static gboolean
is_passing (const GError *error)
{
  return error->domain == MD_CARD_ERROR || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
         || g_error_matches (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_FOREIGN_CARD);
}

static void
try_again (MdDraft *self, const GError *error)
{
  g_autoptr (MdTrouble) trouble = NULL;

  _md_desk_record_failure (self->desk, "resume", md_draft_row_get_draft (self->row), error);
  _md_staff_pin_refused (md_desk_get_staff_pin (self->desk), error);
  if (!_md_staff_pin_says_it (error))
    trouble = _md_trouble_new_from_error (error);
  set_wait (self, MD_DRAFT_WAIT_PIN, trouble);
  md_staff_pin_want (md_desk_get_staff_pin (self->desk));
}

static void
failed (MdDraft *self, GTask *task, GError *error)
{
  if (self->desk && is_passing (error))
    try_again (self, error);
  else if (self->desk)
    refuse (self, error);
  g_task_return_error (task, error);
}

/* The service gave what was asked for, sealed by this officer at this terminal. */
static gboolean
belongs (MdDraft *self, const MdFormDraft *draft, GError **error)
{
  g_autofree char *terminal = NULL;

  g_object_get (self->desk, "terminal", &terminal, NULL);
  if (g_strcmp0 (md_form_draft_get_fact (draft, MD_DRAFT_CLERK), md_desk_get_staff_id (self->desk))
          == 0
      && g_strcmp0 (md_form_draft_get_fact (draft, MD_DRAFT_TERMINAL), terminal) == 0
      && g_strcmp0 (md_form_draft_get_procedure (draft), md_draft_row_get_procedure (self->row))
             == 0)
    return TRUE;
  _md_words_refuse_other (error);
  return FALSE;
}

static void
chosen_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  MdDraft *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (!md_intake_choose_finish (MD_INTAKE (source), result, &error))
    {
      md_intake_next_person (MD_INTAKE (source));
      failed (self, task, error);
      return;
    }
  if (self->desk)
    set_wait (self, MD_DRAFT_WAIT_DONE, NULL);
  g_task_return_boolean (task, TRUE);
}

static gboolean
go_on (MdDraft *self, GTask *task, MdFormDraft *opened, GError **error)
{
  g_autoptr (MdFormDraft) draft = opened;
  MdForm *form;
  MdIntake *intake;

  if (!belongs (self, draft, error))
    return FALSE;
  form = md_desk_find_form (self->desk, md_form_draft_get_procedure (draft));
  if (!form)
    {
      g_set_error_literal (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED,
                           _ ("This procedure is not in force any more, so the intake cannot go "
                              "on. Erase it, and tell the person."));
      return FALSE;
    }
  intake = md_desk_begin_intake (self->desk);
  _md_intake_resume (intake, md_draft_row_get_draft (self->row), g_steal_pointer (&draft));
  md_intake_choose_async (intake, form, NULL, chosen_cb, g_object_ref (task));
  return TRUE;
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  MdDraft *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (MdFormDraft) draft = md_pcsc_run_finish (MD_PCSC (source), result, &error);

  if (draft && self->desk && _md_desk_get_session (self->desk)
      && go_on (self, task, g_steal_pointer (&draft), &error))
    return;
  if (!error)
    error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                                 _ ("The suspended intake was closed."));
  failed (self, task, error);
}

static gboolean
begin (MdDraft *self, GTask *task, gboolean possible)
{
  if (possible && self->desk && _md_desk_get_session (self->desk) && _md_desk_staff (self->desk))
    return TRUE;
  g_task_return_new_error (task, MD_INTAKE_ERROR, MD_INTAKE_ERROR_WRONG_STEP, "%s",
                           _ ("This cannot be done now."));
  return FALSE;
}

void
md_draft_open_async (MdDraft *self, MdSecret *pin, GCancellable *cancellable,
                     GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  MdCardJob job = { .func = open_func,
                    .data_free = opening_free,
                    .result_free = (GDestroyNotify)md_form_draft_free };
  Opening *opening;
  GError *error = NULL;

  g_task_set_source_tag (task, md_draft_open_async);
  if (!begin (self, task, self->wait == MD_DRAFT_WAIT_PIN && has_key (self)))
    return;
  opening = g_new0 (Opening, 1);
  opening->sealed = g_bytes_ref (self->sealed);
  opening->entry = _md_staff_pin_use (md_desk_get_staff_pin (self->desk), pin);
  opening->own_certificate = g_bytes_ref (_md_desk_staff (self->desk)->key_agreement);
  job.data = opening;
  set_wait (self, MD_DRAFT_WAIT_OPENING, NULL);
  if (_md_desk_run_staff_job (self->desk, &job, cancellable ? cancellable : self->cancellable,
                              opened_cb, g_object_ref (task), &error))
    return;
  g_object_unref (task);
  opening_free (opening);
  failed (self, task, error);
}

gboolean
md_draft_open_finish (MdDraft *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- erasing --- */

static void
erased_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  MdDraft *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (MdTrouble) trouble = NULL;
  const gboolean erased
      = md_bus_terminal1_call_erase_draft_finish (MD_BUS_TERMINAL1 (source), result, &error);

  if (self->desk) /* what could not be erased is as it was */
    {
      trouble = erased ? NULL : _md_trouble_new_from_error (error);
      set_wait (self, erased ? MD_DRAFT_WAIT_DONE : self->before, trouble);
      _md_desk_refresh_lists (self->desk);
    }
  if (erased)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
md_draft_erase_async (MdDraft *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, md_draft_erase_async);
  if (!begin (self, task,
              self->wait == MD_DRAFT_WAIT_PIN || self->wait == MD_DRAFT_WAIT_OTHER
                  || self->wait == MD_DRAFT_WAIT_REFUSED))
    return;
  self->before = self->wait;
  set_wait (self, MD_DRAFT_WAIT_ERASING, NULL);
  md_bus_terminal1_call_erase_draft (
      _md_desk_get_proxy (self->desk), _md_desk_get_session (self->desk),
      md_draft_row_get_draft (self->row), cancellable, erased_cb, g_object_ref (task));
}

gboolean
md_draft_erase_finish (MdDraft *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
