// SPDX-License-Identifier: Apache-2.0
// Step "identify", before anything is typed: the resident's card comes, says how it can be used,
// and goes.
#include "config.h"

#include <glib/gi18n.h>

#include <md-base.h>

#include "md-intake-flow-private.h"

MdCardReader *
_md_intake_resident_reader (MdIntake *self)
{
  return md_pcsc_get_reader (md_desk_get_pcsc (self->desk), MD_CARD_ROLE_RESIDENT);
}

gboolean
_md_intake_card_is_there (MdIntake *self)
{
  MdCardReader *reader = self->desk ? _md_intake_resident_reader (self) : NULL;

  return reader && md_card_reader_get_slot (reader) != MD_CARD_SLOT_EMPTY;
}

gboolean
_md_intake_same_card (MdIntake *self)
{
  return _md_intake_card_is_there (self) && _md_intake_resident_reader (self) == self->card_reader
         && md_card_reader_get_events (_md_intake_resident_reader (self)) == self->card_events;
}

/* --- the card comes: how many tries are left --- */

/* What makes a PIN pointless: a locked one, a card without the certificate. NULL: nothing. */
static GError *
why_no_pin (const MdCardInspection *inspection)
{
  GError *error = NULL;

  if (inspection->tries_auth == 0)
    md_card_error_set_pin (&error, MD_CARD_ERROR_PIN_BLOCKED, MD_CARD_PIN_AUTH, 0);
  else if (inspection->tries_text == 0)
    md_card_error_set_pin (&error, MD_CARD_ERROR_PIN_BLOCKED, MD_CARD_PIN_TEXT, 0);
  else if (!inspection->has_auth_certificate)
    md_card_error_set (&error, MD_CARD_ERROR_NO_DATA);
  return error;
}

/* By the signature certificate: chosen; or the only way that is left. What is chosen and cannot be
 * done gives way to the PINs. TRUE: it goes on so, or it was refused. */
static gboolean
take_signature (MdIntake *self)
{
  gboolean only = !_md_intake_accepts_pins (self);

  if (_md_intake_can_sign (self))
    self->by_signature |= only || (!self->pin_works && !_md_intake_accepts_face (self));
  else if (self->by_signature || only)
    {
      _md_intake_refuse_signature (self);
      self->by_signature = FALSE;
      return only;
    }
  return self->by_signature;
}

/* A 顔認証 card was issued without PINs: nobody typed anything wrong. */
static MdTrouble *
pinless_trouble (void)
{
  return _md_trouble_new (
      _ ("This card was issued without a PIN."),
      _ ("It identifies its holder by the photograph (顔認証マイナンバーカード), and this "
         "procedure asks for the proof by PIN."),
      _ ("Ask for another identity document. Whoever wants a PIN can have one set at the My Number "
         "card counter of this office."),
      NULL);
}

/* Told before anything is typed; the reader waits for the card in its place. */
static void
turn_down_phone (MdIntake *self, MdTokenKind token)
{
  g_autoptr (MdCardText) text = md_identity_text_for_phone (token);
  g_autoptr (MdTrouble) trouble = _md_trouble_new_from_text (text, NULL);

  _md_intake_record (self, "refused", "cause=phone", NULL);
  self->by_face = self->face_chosen = self->by_signature = FALSE;
  _md_intake_set_trouble (self, trouble, FALSE);
}

static void
refuse_card (MdIntake *self, const MdCardInspection *inspection, const GError *error)
{
  gboolean pinless = !self->by_face && md_card_inspection_is_face_card (inspection);
  g_autoptr (MdTrouble) trouble = pinless ? pinless_trouble () : _md_trouble_new_from_error (error);
  g_autofree char *detail = g_strdup_printf (
      "cause=%s", pinless ? "card-without-pin" : md_card_error_nick ((MdCardError)error->code));

  _md_trouble_name_other_way (trouble);
  _md_intake_record (self, "refused", detail, NULL);
  _md_intake_set_trouble (self, trouble, TRUE);
}

/* What is printed opens the face: with one of the two, if this clerk may type it. */
static void
take_printed (MdIntake *self, const MdCardInspection *inspection)
{
  g_autoptr (GError) error = NULL;

  self->tries_front = inspection->tries_front;
  self->tries_back = inspection->tries_back;
  if (self->tries_front != 0 || (_md_intake_reads_number (self) && self->tries_back != 0))
    return;
  md_card_error_set_pin (&error, MD_CARD_ERROR_PIN_BLOCKED, MD_CARD_PIN_FACE_B, 0);
  refuse_card (self, inspection, error);
}

/* TRUE: it goes on by the face, so what is printed has to be asked for, too. */
static gboolean
take_inspection (MdIntake *self, const MdCardInspection *inspection)
{
  g_autoptr (GError) error = why_no_pin (inspection);

  if (md_card_inspection_is_phone (inspection))
    {
      turn_down_phone (self, inspection->token);
      return FALSE;
    }
  self->inspected = TRUE;
  self->has_pin_pad = inspection->has_pin_pad;
  self->tries_text = inspection->tries_text;
  self->tries_auth = inspection->tries_auth;
  self->tries_sign = inspection->tries_sign;
  self->has_signature = inspection->has_sign_certificate;
  self->pin_works = error == NULL;
  if (self->pin_works && !self->face_chosen)
    self->by_face = FALSE;
  if (self->by_face)
    take_printed (self, inspection);
  else if (take_signature (self))
    return FALSE;
  else if (error && _md_intake_accepts_face (self))
    return self->by_face = TRUE;
  else if (error)
    refuse_card (self, inspection, error);
  return FALSE;
}

/* What lies on the reader is no card that could be asked. One that left again is nobody's failure,
 * and that it was pulled out stays to be read: the reader says so a moment after the card does. */
static void
inspection_failed (MdIntake *self, const GError *error)
{
  gboolean left = g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_REMOVED)
                  || g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_NO_CARD);
  g_autofree char *detail = NULL;

  if (left && self->removed)
    return;
  if (error->domain == MD_CARD_ERROR && !left)
    {
      detail = g_strdup_printf ("cause=%s", md_card_error_nick ((MdCardError)error->code));
      _md_intake_record (self, "refused", detail, NULL);
    }
  _md_intake_set_trouble_error (self, error);
}

static void
inspected_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (MdIntake) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (MdCardInspection) inspection
      = md_identifier_inspect_finish (MD_IDENTIFIER (source), result, &error);
  /* Another inspection may have begun since this one was cancelled. */
  gboolean again = FALSE, latest = g_task_get_cancellable (G_TASK (result)) == self->cancellable;

  if (!self->desk || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      if (!latest || self->busy != MD_BUSY_INSPECTING)
        return;
      _md_intake_set_busy (self, MD_BUSY_NOT);
      _md_intake_resident_card (self); /* the desk may be at work again by now */
      return;
    }
  if (self->pad_held) /* no more: the card could be asked, or it is gone */
    _md_intake_set_trouble (self, NULL, FALSE);
  if (inspection)
    again = take_inspection (self, inspection);
  else
    inspection_failed (self, error);
  if (again)
    _md_intake_inspect (self);
  else
    _md_intake_set_busy (self, MD_BUSY_NOT);
}

void
_md_intake_inspect (MdIntake *self)
{
  GCancellable *cancellable = _md_intake_begin (self, MD_BUSY_INSPECTING);
  MdCardReader *reader = _md_intake_resident_reader (self);
  MdIdentifier *identifier = _md_desk_get_identifier (self->desk);

  self->card_events = md_card_reader_get_events (reader);
  self->card_reader = reader;
  (self->by_face ? md_identifier_inspect_printed_async
                 : md_identifier_inspect_async) (identifier, md_desk_get_pcsc (self->desk), reader,
                                                 cancellable, inspected_cb, g_object_ref (self));
}

/* Nothing that a card said of itself is true of the next one. */
void
_md_intake_forget_card_facts (MdIntake *self)
{
  _md_intake_drop_sight (self);
  self->inspected = FALSE;
  self->pin_works = FALSE;
  self->tries_text = self->tries_auth = self->tries_sign = MD_CARD_TRIES_UNKNOWN;
  self->tries_front = self->tries_back = MD_CARD_TRIES_UNKNOWN;
}

/* The card that was looked at, or is being looked at, is gone. */
static void
forget_card (MdIntake *self)
{
  if (self->busy == MD_BUSY_INSPECTING)
    g_cancellable_cancel (self->cancellable);
  self->busy = MD_BUSY_NOT;
  _md_intake_forget_card_facts (self);
  g_list_store_remove_all (self->checks);
  /* What was said of a card goes with it; that it was pulled out stays to be read. */
  if (!self->removed)
    _md_intake_set_trouble (self, NULL, FALSE);
}

/* A reader or card of the resident came or went, or the step was entered. */
void
_md_intake_resident_card (MdIntake *self)
{
  if (!self->desk)
    return;
  if (!_md_intake_card_is_there (self))
    _md_intake_cover_number (self);
  if (self->held || self->step != MD_STEP_OF_IDENTIFY || !self->notice_at || self->proof
      || self->by_papers || self->busy == MD_BUSY_READING)
    {
      _md_intake_update (self);
      return;
    }
  /* A card that was swapped quickly is told of without an empty reader in between. */
  if (!_md_intake_same_card (self))
    forget_card (self);
  if (_md_intake_card_is_there (self) && !self->inspected && !self->refused
      && self->busy == MD_BUSY_NOT && md_desk_get_state (self->desk) == MD_DESK_WORKING)
    {
      _md_intake_set_trouble (self, NULL, FALSE);
      _md_intake_inspect (self);
    }
  _md_intake_update (self);
}

void
md_intake_acknowledge_notice (MdIntake *self)
{
  g_return_if_fail (MD_IS_INTAKE (self));

  if (!self->desk || self->step != MD_STEP_OF_IDENTIFY || self->notice_at)
    return;
  self->notice_at = md_time_format_rfc3339 (md_clock_get_wall_us (_md_desk_get_clock (self->desk)));
  _md_intake_resident_card (self);
}

void
md_intake_use_screen_keys (MdIntake *self)
{
  g_return_if_fail (MD_IS_INTAKE (self));

  self->screen_keys = TRUE;
  _md_intake_update (self);
}
