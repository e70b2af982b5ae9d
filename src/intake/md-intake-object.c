// SPDX-License-Identifier: Apache-2.0
// An intake as an object: its properties.
#include "config.h"

#include <glib/gi18n.h>

#include <md-base.h>

#include "md-intake-brought.h"
#include "md-intake-flow-private.h"

G_DEFINE_FINAL_TYPE (MdIntake, md_intake, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_STEP,
  PROP_WAIT,
  PROP_SENTENCE,
  PROP_BUSY,
  PROP_CAN_ADVANCE,
  PROP_CAN_GO_BACK,
  PROP_CAN_SUSPEND,
  PROP_LEFT_OUT,
  PROP_UNKEPT,
  PROP_TROUBLE,
  PROP_FORM,
  PROP_DATA,
  PROP_PERSON,
  PROP_CHECKS,
  PROP_WARNINGS,
  PROP_COMPARISON,
  PROP_LETTER,
  PROP_EXPIRY,
  PROP_TRIES_TEXT,
  PROP_TRIES_AUTH,
  PROP_TRIES_SIGN,
  PROP_TRIES_FRONT,
  PROP_TRIES_BACK,
  PROP_TAKES_NUMBER,
  PROP_LAST_TRY,
  PROP_UNCOUNTED,
  PROP_NEEDS_TEXT_PIN,
  PROP_PIN_PAD,
  PROP_UNFIT_PAD,
  PROP_BY_SIGNATURE,
  PROP_RECEIPT_NUMBER,
  PROP_RECEIPT_TIME,
  PROP_REPLACES_NUMBER,
  PROP_ONLINE,
  PROP_AWAY,
  PROP_AWAY_LEFT,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

void
_md_intake_drop_data (MdIntake *self)
{
  if (self->attaching)
    g_cancellable_cancel (self->attaching);
  g_clear_object (&self->attaching);
  if (!self->data)
    return;
  g_clear_signal_handler (&self->data_handler, self->data);
  g_clear_pointer (&self->storing, g_ptr_array_unref);
  md_form_data_wipe (self->data);
  g_clear_object (&self->data);
}

static void
md_intake_dispose (GObject *object)
{
  MdIntake *self = MD_INTAKE (object);

  if (self->cancellable)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  _md_intake_forget_away (self);
  _md_intake_drop_data (self);
  g_clear_object (&self->form);
  g_clear_object (&self->trouble);
  g_clear_object (&self->replaces);
  g_clear_object (&self->expiry);
  g_clear_pointer (&self->proof, md_identity_proof_unref);
  _md_intake_drop_sight (self);
  g_clear_pointer (&self->container, g_bytes_unref);
  G_OBJECT_CLASS (md_intake_parent_class)->dispose (object);
}

static void
md_intake_finalize (GObject *object)
{
  MdIntake *self = MD_INTAKE (object);

  g_clear_object (&self->person);
  md_wipe (&self->papers, sizeof self->papers);
  g_clear_object (&self->checks);
  g_clear_object (&self->warnings);
  g_clear_object (&self->comparison);
  g_clear_object (&self->letter_lines);
  g_clear_pointer (&self->reservation, _md_reservation_free);
  g_free (self->notice_at);
  g_free (self->held);
  g_clear_pointer (&self->unanswered, md_release_files_free);
  _md_intake_forget_whose (self);
  _md_intake_forget_suspended (self);
  _md_intake_free_visit (self);
  _md_intake_free_guide (self);
  g_ptr_array_unref (self->holds);
  g_ptr_array_unref (self->from_service);
  g_ptr_array_unref (self->releases);
  G_OBJECT_CLASS (md_intake_parent_class)->finalize (object);
}

static void
get_object (MdIntake *self, guint id, GValue *value)
{
  gpointer objects[N_PROPS] = {
    [PROP_TROUBLE] = self->trouble,     [PROP_FORM] = self->form,
    [PROP_DATA] = self->data,           [PROP_PERSON] = self->person,
    [PROP_CHECKS] = self->checks,       [PROP_WARNINGS] = self->warnings,
    [PROP_EXPIRY] = self->expiry,       [PROP_COMPARISON] = self->comparison,
    [PROP_LETTER] = self->letter_lines, [PROP_UNKEPT] = self->suspended.unkept,
  };

  g_value_set_object (value, objects[id]);
}

/* One of those that are asked for now. */
static gboolean
has_tries (MdIntake *self, int tries)
{
  int of_key = self->by_signature ? self->tries_sign : self->tries_auth;

  return of_key == tries || (_md_intake_needs_text_pin (self) && self->tries_text == tries);
}

static void
get_flag (MdIntake *self, guint id, GValue *value)
{
  gboolean flags[N_PROPS] = {
    [PROP_BUSY] = self->busy != MD_BUSY_NOT,
    [PROP_CAN_ADVANCE] = md_intake_get_can_advance (self),
    [PROP_CAN_GO_BACK] = md_intake_get_can_go_back (self),
    [PROP_CAN_SUSPEND] = md_intake_get_can_suspend (self),
    [PROP_LAST_TRY] = has_tries (self, 1),
    [PROP_UNCOUNTED] = self->inspected && has_tries (self, MD_CARD_TRIES_UNKNOWN),
    [PROP_NEEDS_TEXT_PIN] = _md_intake_needs_text_pin (self),
    [PROP_TAKES_NUMBER] = _md_intake_reads_number (self),
    [PROP_PIN_PAD] = self->has_pin_pad && !self->screen_keys && !self->by_signature,
    [PROP_UNFIT_PAD] = self->has_pin_pad && self->by_signature,
    [PROP_BY_SIGNATURE] = self->by_signature,
    [PROP_ONLINE] = self->desk && md_desk_get_line (self->desk) == MD_LINE_ONLINE,
  };

  g_value_set_boolean (value, flags[id]);
}

static void
md_intake_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  MdIntake *self = MD_INTAKE (object);

  if (G_IS_PARAM_SPEC_BOOLEAN (pspec))
    get_flag (self, id, value);
  else if (G_IS_PARAM_SPEC_OBJECT (pspec))
    get_object (self, id, value);
  else if (id == PROP_STEP)
    g_value_set_int (value, (int)self->step);
  else if (id == PROP_WAIT)
    g_value_set_int (value, (int)self->wait);
  else if (id == PROP_TRIES_TEXT)
    g_value_set_int (value, self->tries_text);
  else if (id == PROP_TRIES_AUTH)
    g_value_set_int (value, self->tries_auth);
  else if (id == PROP_TRIES_SIGN)
    g_value_set_int (value, self->tries_sign);
  else if (id == PROP_TRIES_FRONT)
    g_value_set_int (value, self->tries_front);
  else if (id == PROP_TRIES_BACK)
    g_value_set_int (value, self->tries_back);
  else if (id == PROP_AWAY)
    g_value_set_int (value, (int)self->away.why);
  else if (id == PROP_AWAY_LEFT)
    g_value_set_uint (value, _md_intake_away_left (self));
  else if (id == PROP_SENTENCE)
    g_value_set_string (value, md_intake_get_sentence (self));
  else if (id == PROP_RECEIPT_NUMBER)
    g_value_set_string (value, md_intake_get_receipt_number (self));
  else if (id == PROP_REPLACES_NUMBER)
    g_value_set_string (value,
                        self->replaces ? md_intake_row_get_receipt_number (self->replaces) : NULL);
  else if (id == PROP_LEFT_OUT)
    g_value_set_string (value, self->suspended.left_out);
  else if (id == PROP_RECEIPT_TIME)
    g_value_take_string (value,
                         self->reservation ? _md_words_moment (self->reservation->time) : NULL);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static GParamSpec *
tries_param (const char *name)
{
  return g_param_spec_int (name, NULL, NULL, MD_CARD_TRIES_NONE, 15, MD_CARD_TRIES_UNKNOWN,
                           G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
}

static void
md_intake_class_init (MdIntakeClass *klass)
{
  static const struct
  {
    guint id;
    const char *name;
  } flags_table[] = { { PROP_BUSY, "busy" },
                      { PROP_CAN_ADVANCE, "can-advance" },
                      { PROP_CAN_GO_BACK, "can-go-back" },
                      { PROP_CAN_SUSPEND, "can-suspend" },
                      { PROP_LAST_TRY, "last-try" },
                      { PROP_UNCOUNTED, "uncounted" },
                      { PROP_NEEDS_TEXT_PIN, "needs-text-pin" },
                      { PROP_TAKES_NUMBER, "takes-number" },
                      { PROP_PIN_PAD, "pin-pad" },
                      { PROP_UNFIT_PAD, "unfit-pad" },
                      { PROP_BY_SIGNATURE, "by-signature" },
                      { PROP_ONLINE, "online" } },
    texts[] = { { PROP_SENTENCE, "sentence" },
                { PROP_LEFT_OUT, "left-out" },
                { PROP_RECEIPT_NUMBER, "receipt-number" },
                { PROP_RECEIPT_TIME, "receipt-time" },
                { PROP_REPLACES_NUMBER, "replaces-number" } };
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = md_intake_dispose;
  object_class->finalize = md_intake_finalize;
  object_class->get_property = md_intake_get_property;
  for (guint i = 0; i < G_N_ELEMENTS (flags_table); i++)
    properties[flags_table[i].id]
        = g_param_spec_boolean (flags_table[i].name, NULL, NULL, FALSE, flags);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    properties[texts[i].id] = g_param_spec_string (texts[i].name, NULL, NULL, NULL, flags);
  properties[PROP_STEP] = g_param_spec_int ("step", NULL, NULL, 0, MD_N_INTAKE_STEPS - 1, 0, flags);
  properties[PROP_WAIT] = g_param_spec_int ("wait", NULL, NULL, 0, MD_WAIT_NOTHING, 0, flags);
  properties[PROP_AWAY] = g_param_spec_int ("away", NULL, NULL, 0, MD_N_AWAY - 1, 0, flags);
  properties[PROP_AWAY_LEFT] = g_param_spec_uint ("away-left", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_TRIES_TEXT] = tries_param ("tries-text");
  properties[PROP_TRIES_AUTH] = tries_param ("tries-auth");
  properties[PROP_TRIES_SIGN] = tries_param ("tries-sign");
  properties[PROP_TRIES_FRONT] = tries_param ("tries-front");
  properties[PROP_TRIES_BACK] = tries_param ("tries-back");
  properties[PROP_UNKEPT] = g_param_spec_object ("unkept", NULL, NULL, MD_TYPE_TROUBLE, flags);
  properties[PROP_EXPIRY] = g_param_spec_object ("expiry", NULL, NULL, MD_TYPE_TROUBLE, flags);
  properties[PROP_TROUBLE] = g_param_spec_object ("trouble", NULL, NULL, MD_TYPE_TROUBLE, flags);
  properties[PROP_FORM] = g_param_spec_object ("form", NULL, NULL, MD_TYPE_FORM, flags);
  properties[PROP_DATA] = g_param_spec_object ("data", NULL, NULL, MD_TYPE_FORM_DATA, flags);
  properties[PROP_PERSON] = g_param_spec_object ("person", NULL, NULL, MD_TYPE_PERSON, flags);
  properties[PROP_CHECKS] = g_param_spec_object ("checks", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  properties[PROP_WARNINGS]
      = g_param_spec_object ("warnings", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  properties[PROP_COMPARISON]
      = g_param_spec_object ("comparison", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  properties[PROP_LETTER] = g_param_spec_object ("letter", NULL, NULL, G_TYPE_LIST_MODEL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  g_signal_new ("pins-used", MD_TYPE_INTAKE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                0);
}

static void
md_intake_init (MdIntake *self)
{
  self->person = _md_person_new ();
  self->checks = g_list_store_new (MD_TYPE_CHECK);
  self->warnings = g_list_store_new (MD_TYPE_TROUBLE);
  self->comparison = g_list_store_new (MD_TYPE_COMPARISON);
  self->letter_lines = g_list_store_new (MD_TYPE_CHECK);
  self->holds = g_ptr_array_new_with_free_func (g_free);
  self->from_service = g_ptr_array_new_with_free_func (g_free);
  self->releases = g_ptr_array_new_with_free_func ((GDestroyNotify)md_release_files_free);
  _md_intake_init_visit (self);
  _md_intake_init_guide (self);
  _md_intake_forget_card_facts (self);
}

static void
notify_sentence (MdIntake *self)
{
  g_object_notify (G_OBJECT (self), "sentence");
}

MdIntake *
_md_intake_new (MdDesk *desk)
{
  MdIntake *self = g_object_new (MD_TYPE_INTAKE, NULL);
  MdPcsc *pcsc = md_desk_get_pcsc (desk);

  self->desk = desk;
  g_signal_connect_object (pcsc, "card-inserted", G_CALLBACK (_md_intake_resident_card), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (pcsc, "card-removed", G_CALLBACK (_md_intake_resident_card), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (pcsc, "readers-changed", G_CALLBACK (_md_intake_resident_card), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (pcsc, "notify::state", G_CALLBACK (_md_intake_resident_card), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (pcsc, "notify::held", G_CALLBACK (notify_sentence), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (desk, "notify::staff-card", G_CALLBACK (_md_intake_update), self,
                           G_CONNECT_SWAPPED);
  return self;
}

MdIntakeStep
md_intake_get_step (MdIntake *self)
{
  return self->step;
}

MdIntakeWait
md_intake_get_wait (MdIntake *self)
{
  return self->wait;
}

/* Without a reader: what is the matter with the card service, if it is that. */
static const char *
sentence_without_reader (MdIntake *self)
{
  g_autoptr (GError) error = NULL;

  md_pcsc_explain (md_desk_get_pcsc (self->desk), &error);
  if (g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_NOT_REGISTERED))
    return _ ("The card reader that is connected is not registered for this terminal. Connect the "
              "registered one, or ask the administrator to have it registered.");
  return g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_NO_READER)
             ? _md_intake_sentence (MD_WAIT_READER)
             : g_intern_string (error->message);
}

const char *
md_intake_get_sentence (MdIntake *self)
{
  if (self->desk && self->wait == MD_WAIT_READER)
    return sentence_without_reader (self);
  if (self->desk && self->wait == MD_WAIT_INSPECTING
      && md_pcsc_get_held_on (md_desk_get_pcsc (self->desk), _md_intake_resident_reader (self))
             == MD_PCSC_HELD_BY_KEYPAD)
    return _ (
        "The reader still waits for a PIN. Press the cancel key on it, or take the card off.");
  if (self->wait == MD_WAIT_AWAY)
    return _md_intake_away_sentence (self);
  if (self->wait == MD_WAIT_CARD && self->by_filer)
    return _ ("Put the card of the person who files on the reader.");
  if (self->wait == MD_WAIT_STAFF_PIN && !md_intake_is_read_out (self))
    return _ ("Compare the application with the papers, then sign it with the PIN of your staff "
              "card.");
  if (_md_intake_post_sentence (self))
    return _md_intake_post_sentence (self);
  if (self->wait == MD_WAIT_READING && self->pad_waits == MD_CARD_PIN_TEXT)
    return _ (
        "Ask the resident to enter the PIN for reading name and number (4 digits) on the keys of "
        "the reader.");
  if (self->wait == MD_WAIT_READING && self->pad_waits == MD_CARD_PIN_AUTH)
    return _ (
        "Ask the resident to enter the PIN for proving who it is (4 digits) on the keys of the "
        "reader.");
  if (self->desk && (self->wait == MD_WAIT_SEALING || self->wait == MD_WAIT_RELEASING))
    return _md_staff_pin_sentence (md_desk_get_staff_pin (self->desk),
                                   _md_intake_sentence (self->wait));
  return _md_intake_sentence (self->wait);
}

MdIntakeAway
md_intake_get_away (MdIntake *self)
{
  return self->away.why;
}

MdTrouble *
md_intake_get_trouble (MdIntake *self)
{
  return self->trouble;
}

MdForm *
md_intake_get_form (MdIntake *self)
{
  return self->form;
}

MdFormData *
md_intake_get_data (MdIntake *self)
{
  return self->data;
}

MdPerson *
md_intake_get_person (MdIntake *self)
{
  return self->person;
}

GListModel *
md_intake_get_checks (MdIntake *self)
{
  return G_LIST_MODEL (self->checks);
}

GListModel *
md_intake_get_warnings (MdIntake *self)
{
  return G_LIST_MODEL (self->warnings);
}

const char *
md_intake_get_receipt_number (MdIntake *self)
{
  return self->reservation ? self->reservation->receipt_number : NULL;
}

void
_md_intake_set_replaces (MdIntake *self, MdIntakeRow *row)
{
  if (g_set_object (&self->replaces, row))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REPLACES_NUMBER]);
}

const char *
md_intake_get_id (MdIntake *self)
{
  return self->reservation ? self->reservation->intake : NULL;
}
