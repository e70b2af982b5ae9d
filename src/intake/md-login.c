// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <glib/gi18n.h>

#include "md-desk-private.h"

#define DIGEST_SIZE 32u

/* The card's certificate for login (PIV 9E) is read when the card comes; the password goes with the
 * card's signature over the service's challenge. A try counts only at the service. */
struct _MdLogin
{
  GObject parent_instance;

  MdDesk *desk; /* owns us */
  MdLoginWait wait;
  char *staff_name;
  MdTrouble *trouble;
  GBytes *certificate;
  guint events;              /* of the card that was read */
  gconstpointer reader;      /* on which it lay; to be compared only */
  GCancellable *cancellable; /* of what runs now */
  gboolean submitting;
  gboolean recorded; /* that this card failed */
  int missing;       /* the MdCardError for which there is no reader; -1 */
  gboolean absent;   /* the trouble is that the service was away */
};

G_DEFINE_FINAL_TYPE (MdLogin, md_login, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_WAIT,
  PROP_SENTENCE,
  PROP_STAFF_NAME,
  PROP_TROUBLE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
md_login_dispose (GObject *object)
{
  MdLogin *self = MD_LOGIN (object);

  if (self->cancellable)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->trouble);
  g_clear_pointer (&self->certificate, g_bytes_unref);
  g_clear_pointer (&self->staff_name, g_free);
  G_OBJECT_CLASS (md_login_parent_class)->dispose (object);
}

static void
md_login_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  MdLogin *self = MD_LOGIN (object);

  switch (id)
    {
    case PROP_WAIT:
      g_value_set_int (value, (int)self->wait);
      break;
    case PROP_SENTENCE:
      g_value_set_string (value, md_login_get_sentence (self));
      break;
    case PROP_STAFF_NAME:
      g_value_set_string (value, self->staff_name);
      break;
    case PROP_TROUBLE:
      g_value_set_object (value, self->trouble);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
md_login_class_init (MdLoginClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = md_login_dispose;
  object_class->get_property = md_login_get_property;
  properties[PROP_WAIT] = g_param_spec_int ("wait", NULL, NULL, 0, G_MAXINT, 0, flags);
  properties[PROP_SENTENCE] = g_param_spec_string ("sentence", NULL, NULL, NULL, flags);
  properties[PROP_STAFF_NAME] = g_param_spec_string ("staff-name", NULL, NULL, NULL, flags);
  properties[PROP_TROUBLE] = g_param_spec_object ("trouble", NULL, NULL, MD_TYPE_TROUBLE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
md_login_init (MdLogin *self)
{
}

MdLogin *
_md_login_new (MdDesk *desk)
{
  MdLogin *self = g_object_new (MD_TYPE_LOGIN, NULL);

  self->desk = desk;
  self->missing = -1;
  return self;
}

MdLoginWait
md_login_get_wait (MdLogin *self)
{
  return self->wait;
}

const char *
md_login_get_staff_name (MdLogin *self)
{
  return self->staff_name;
}

MdTrouble *
md_login_get_trouble (MdLogin *self)
{
  return self->trouble;
}

const char *
md_login_get_sentence (MdLogin *self)
{
  switch (self->wait)
    {
    case MD_LOGIN_WAIT_READER:
      return _ ("The card reader for the staff card is missing.");
    case MD_LOGIN_WAIT_READING:
      return _ ("Reading the staff card. Do not move it.");
    case MD_LOGIN_WAIT_PASSWORD:
      return _ ("Enter your password.");
    case MD_LOGIN_WAIT_CHECKING:
      return _ ("Checking card and password.");
    case MD_LOGIN_WAIT_DONE:
      return _ ("You are logged in.");
    case MD_LOGIN_WAIT_CARD:
    default:
      return _ ("Put your staff card on the reader.");
    }
}

static void
set_wait (MdLogin *self, MdLoginWait wait)
{
  if (self->wait == wait)
    return;
  self->wait = wait;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WAIT]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SENTENCE]);
}

static void
set_trouble (MdLogin *self, MdTrouble *trouble)
{
  self->absent = FALSE;
  if (g_set_object (&self->trouble, trouble))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TROUBLE]);
}

static void
set_trouble_error (MdLogin *self, const GError *error)
{
  g_autoptr (MdTrouble) trouble = _md_trouble_new_from_error (error);

  set_trouble (self, trouble);
}

static void
set_staff_name (MdLogin *self, const char *name)
{
  if (g_strcmp0 (self->staff_name, name) == 0)
    return;
  g_free (self->staff_name);
  self->staff_name = g_strdup (name);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STAFF_NAME]);
}

/* --- the card comes --- */

static gpointer
read_certificate_job (MdCardConnection *connection, gpointer data, GCancellable *cancellable,
                      GError **error)
{
  g_autoptr (MdStaffCard) card = md_staff_card_new (connection, cancellable, error);

  return card ? md_staff_card_read_certificate (card, MD_STAFF_SLOT_CARD_AUTH, cancellable, error)
              : NULL;
}

/* One record for each card, however its failure shows. */
static void
record_failure (MdLogin *self, const GError *error)
{
  if (self->recorded || error->domain != MD_CARD_ERROR)
    return;
  self->recorded = TRUE;
  _md_desk_record_login_card (self->desk, error);
}

/* The card left, or its reader did, while it was being worked with. */
static void
record_removal (MdLogin *self)
{
  g_autoptr (GError) error = NULL;

  if (self->wait != MD_LOGIN_WAIT_READING && !self->submitting)
    return;
  md_card_error_set (&error, MD_CARD_ERROR_REMOVED);
  record_failure (self, error);
}

/* The card service is away or refuses us: once for each reason. A reader that is not plugged in is
 * no fault, and the desk tells of one that may not be used. */
static void
record_missing (MdLogin *self, const GError *error)
{
  if (error->domain != MD_CARD_ERROR || error->code == MD_CARD_ERROR_NO_READER
      || error->code == MD_CARD_ERROR_NOT_REGISTERED || error->code == self->missing)
    return;
  self->missing = error->code;
  _md_desk_record_login_card (self->desk, error);
}

/* The service knows best who may log in, and its refusal is in the log. */
static void
show_to_service (MdLogin *self)
{
  md_bus_terminal1_call_begin_login (
      _md_desk_get_proxy (self->desk),
      g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, self->certificate, TRUE), NULL, NULL,
      NULL);
}

static void
know_staff (MdLogin *self)
{
  MdPolicy *policy = md_desk_get_policy (self->desk);
  const MdPolicyStaff *staff
      = policy ? md_policy_get_staff_by_certificate (policy, self->certificate) : NULL;
  g_autoptr (MdTrouble) trouble = NULL;

  if (staff)
    {
      set_staff_name (self, _md_words_staff (staff));
      set_wait (self, MD_LOGIN_WAIT_PASSWORD);
      return;
    }
  show_to_service (self);
  g_clear_pointer (&self->certificate, g_bytes_unref);
  trouble = _md_trouble_new (
      _ ("This staff card is not registered here."), _ ("Nobody can log in with it."),
      _ ("Use your own staff card. If it is yours, call the administrator."), NULL);
  set_trouble (self, trouble);
  set_wait (self, MD_LOGIN_WAIT_CARD);
}

static void
certificate_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (MdLogin) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) certificate = md_pcsc_run_finish (MD_PCSC (source), result, &error);

  if (!self->desk || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
      || self->wait != MD_LOGIN_WAIT_READING)
    return;
  if (!certificate)
    {
      record_failure (self, error);
      set_trouble_error (self, error);
      set_wait (self, MD_LOGIN_WAIT_CARD);
      return;
    }
  self->certificate = g_steal_pointer (&certificate);
  know_staff (self);
}

static void
read_card (MdLogin *self)
{
  MdCardJob job = { .func = read_certificate_job, .result_free = (GDestroyNotify)g_bytes_unref };
  g_autoptr (GError) error = NULL;

  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  self->recorded = FALSE;
  set_wait (self, MD_LOGIN_WAIT_READING);
  if (_md_desk_run_staff_job (self->desk, &job, self->cancellable, certificate_cb,
                              g_object_ref (self), &error))
    return;
  g_object_unref (self);
  set_trouble_error (self, error);
  set_wait (self, MD_LOGIN_WAIT_READER);
}

static void
forget_card (MdLogin *self)
{
  if (self->cancellable)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->certificate, g_bytes_unref);
  set_staff_name (self, NULL);
}

void
_md_login_detach (MdLogin *self)
{
  forget_card (self);
  self->desk = NULL;
}

void
_md_login_restart (MdLogin *self)
{
  MdCardReader *reader = md_pcsc_get_reader (md_desk_get_pcsc (self->desk), MD_CARD_ROLE_STAFF);
  gboolean same = reader && reader == self->reader
                  && md_card_reader_get_events (reader) == self->events
                  && md_card_reader_get_slot (reader) != MD_CARD_SLOT_EMPTY;

  /* The card that is being worked with still lies there: nothing to begin again. */
  if (same
      && (self->submitting || self->wait == MD_LOGIN_WAIT_READING
          || self->wait == MD_LOGIN_WAIT_PASSWORD))
    {
      if (self->absent)
        set_trouble (self, NULL);
      return;
    }
  record_removal (self);
  forget_card (self);
  if (!reader)
    {
      g_autoptr (GError) error = NULL;

      md_pcsc_explain (md_desk_get_pcsc (self->desk), &error);
      record_missing (self, error);
      set_trouble_error (self, error);
      set_wait (self, MD_LOGIN_WAIT_READER);
      return;
    }
  self->missing = -1;
  self->events = md_card_reader_get_events (reader);
  self->reader = reader;
  set_trouble (self, NULL);
  if (md_card_reader_get_slot (reader) == MD_CARD_SLOT_EMPTY || !md_desk_get_policy (self->desk))
    set_wait (self, MD_LOGIN_WAIT_CARD);
  else
    read_card (self);
}

/* --- the password comes --- */

typedef struct
{
  MdSecret *password;
  char *login;
} Submission;

static void
submission_free (gpointer data)
{
  Submission *submission = data;

  md_secret_unref (submission->password);
  g_free (submission->login);
  g_free (submission);
}

static void
submission_failed (GTask *task, GError *error)
{
  MdLogin *self = g_task_get_source_object (task);
  gboolean card = error->domain == MD_CARD_ERROR;

  self->submitting = FALSE;
  if (self->desk)
    record_failure (self, error);
  set_trouble_error (self, error);
  self->absent = md_bus_error_is_absent (error);
  if (card || !self->certificate)
    forget_card (self);
  set_wait (self, self->certificate ? MD_LOGIN_WAIT_PASSWORD : MD_LOGIN_WAIT_CARD);
  g_task_return_new_error (task, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED, "%s",
                           md_trouble_get_title (self->trouble));
  g_error_free (error);
}

/* The desk went while the service or the card was asked. */
static gboolean
is_alone (MdLogin *self, GError **error)
{
  if (!self->desk && !*error)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("The login was given up."));
  return !self->desk;
}

static void
finished_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  MdLogin *self = g_task_get_source_object (task);
  g_autofree char *session = NULL;
  g_autoptr (GVariant) staff = NULL;
  GError *error = NULL;

  if (!md_bus_terminal1_call_finish_login_finish (MD_BUS_TERMINAL1 (source), &session, &staff, NULL,
                                                  result, &error)
      || is_alone (self, &error))
    {
      submission_failed (task, error);
      return;
    }
  self->submitting = FALSE;
  forget_card (self);
  set_trouble (self, NULL);
  set_wait (self, MD_LOGIN_WAIT_DONE);
  _md_desk_open_session (self->desk, session, staff);
  g_task_return_boolean (task, TRUE);
}

static gpointer
sign_job (MdCardConnection *connection, gpointer data, GCancellable *cancellable, GError **error)
{
  g_autoptr (MdStaffCard) card = md_staff_card_new (connection, cancellable, error);

  if (!card)
    return NULL;
  return md_staff_card_sign (card, MD_STAFF_SLOT_CARD_AUTH, data, DIGEST_SIZE, cancellable, error);
}

static void
signed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  MdLogin *self = g_task_get_source_object (task);
  Submission *submission = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  GError *error = NULL;
  g_autoptr (GBytes) signature = md_pcsc_run_finish (MD_PCSC (source), result, &error);
  GVariant *password = signature ? md_bus_secret_append (fds, submission->password, &error) : NULL;

  if (!password || is_alone (self, &error))
    {
      submission_failed (task, error);
      return;
    }
  g_clear_pointer (&submission->password, md_secret_unref);
  md_bus_terminal1_call_finish_login (
      _md_desk_get_proxy (self->desk), submission->login,
      g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, signature, TRUE), password, fds,
      cancellable, finished_cb, g_steal_pointer (&task));
}

static void
begun_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  MdLogin *self = g_task_get_source_object (task);
  Submission *submission = g_task_get_task_data (task);
  guint8 *digest = g_malloc (DIGEST_SIZE);
  MdCardJob job = { .func = sign_job,
                    .data = digest,
                    .data_free = g_free,
                    .result_free = (GDestroyNotify)g_bytes_unref };
  g_autoptr (GVariant) challenge = NULL;
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize size = DIGEST_SIZE;
  GError *error = NULL;

  if (!md_bus_terminal1_call_begin_login_finish (MD_BUS_TERMINAL1 (source), &submission->login,
                                                 &challenge, result, &error)
      || is_alone (self, &error))
    {
      g_free (digest);
      submission_failed (task, error);
      return;
    }
  g_checksum_update (checksum, g_variant_get_data (challenge),
                     (gssize)g_variant_get_size (challenge));
  g_checksum_get_digest (checksum, digest, &size);
  if (_md_desk_run_staff_job (self->desk, &job, g_task_get_cancellable (task), signed_cb,
                              g_object_ref (task), &error))
    return;
  g_free (digest);
  g_object_unref (task);
  submission_failed (task, error);
}

void
md_login_submit_async (MdLogin *self, MdSecret *password, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Submission *submission = g_new0 (Submission, 1);

  g_task_set_source_tag (task, md_login_submit_async);
  submission->password = md_secret_ref (password);
  g_task_set_task_data (task, submission, submission_free);
  if (!self->desk || self->wait != MD_LOGIN_WAIT_PASSWORD || !self->certificate)
    {
      g_task_return_new_error (task, MD_INTAKE_ERROR, MD_INTAKE_ERROR_WRONG_STEP, "%s",
                               _ ("Put your staff card on the reader first."));
      g_object_unref (task);
      return;
    }
  self->submitting = TRUE;
  set_trouble (self, NULL);
  set_wait (self, MD_LOGIN_WAIT_CHECKING);
  md_bus_terminal1_call_begin_login (
      _md_desk_get_proxy (self->desk),
      g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, self->certificate, TRUE), cancellable,
      begun_cb, task);
}

gboolean
md_login_submit_finish (MdLogin *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
