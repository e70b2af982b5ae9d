// SPDX-License-Identifier: Apache-2.0
// What was read from a resident's card is in view while that card lies on the reader. When it is
// lifted before the application was handed in, all of it is covered at once and waits, as long as
// the policy allows, for the same card; after that, and where the card is not needed any more
// (sealed, or handed in), it is erased.
#include "config.h"

#include <glib/gi18n.h>

#include <md-base.h>

#include "md-intake-flow-private.h"

#define NS_PER_S ((gint64)G_USEC_PER_SEC * 1000)

/* --- by what the card is known again --- */

static void
stop_asking (MdIntake *self)
{
  if (self->away.asking)
    g_cancellable_cancel (self->away.asking);
  g_clear_object (&self->away.asking);
}

/* The answer to what was asked last; NULL: it is not wanted any more, or ERROR. */
static gboolean
take_answer (MdIntake *self, GAsyncResult *result, char **out_tag, GError **error)
{
  gboolean latest = g_task_get_cancellable (G_TASK (result)) == self->away.asking;

  *out_tag = md_card_tag_ask_finish (result, error);
  if (!latest || !self->desk)
    return FALSE;
  g_clear_object (&self->away.asking);
  return TRUE;
}

static void
known_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (MdIntake) self = data;
  g_autofree char *tag = NULL;
  g_autoptr (GError) error = NULL;

  if (!take_answer (self, result, &tag, &error) || self->away.why != MD_AWAY_NOT || !tag
      || !md_card_tag_completes (tag, self->away.tag))
    return;
  g_free (self->away.tag);
  self->away.tag = g_steal_pointer (&tag);
}

/* KNOWN: what the card that was lifted is known by; NULL: everything that there is. */
static void
ask_card (MdIntake *self, const char *known, GAsyncReadyCallback callback)
{
  stop_asking (self);
  self->away.asking = g_cancellable_new ();
  md_card_tag_ask_async (self->away.key, known, md_desk_get_pcsc (self->desk),
                         _md_intake_resident_reader (self), self->away.asking, callback,
                         g_object_ref (self));
}

void
_md_intake_know_card (MdIntake *self)
{
  const MdIdentityProof *proof = self->proof ? self->proof : self->unknown;

  if (self->away.key) /* what was unknown is taken now */
    return;
  self->away.limit_s = md_policy_get_limits (md_desk_get_policy (self->desk))->card_away_s;
  self->away.key = md_card_tag_make_key ();
  self->away.tag = md_card_tag_of_proof (self->away.key, proof);
  if (_md_intake_same_card (self)) /* until it has answered, by what anybody could have copied */
    ask_card (self, NULL, known_cb);
}

/* --- covered --- */

void
_md_intake_cover (MdIntake *self)
{
  gboolean covered;

  if (!self->data)
    return;
  g_object_get (self->desk, "covered", &covered, NULL);
  md_form_data_set_covered (self->data, covered || self->away.why != MD_AWAY_NOT
                                            || md_desk_get_state (self->desk) != MD_DESK_WORKING);
}

static void
set_why (MdIntake *self, MdIntakeAway why)
{
  if (self->away.why == why)
    return;
  self->away.why = why;
  g_object_notify (G_OBJECT (self), "away");
}

/* LOOKING: a card lies there. */
static MdIntakeAway
find_why (MdIntake *self)
{
  MdPcscState state = md_pcsc_get_state (md_desk_get_pcsc (self->desk));

  if (state == MD_PCSC_STATE_NO_SERVICE || state == MD_PCSC_STATE_NO_PERMISSION
      || state == MD_PCSC_STATE_STARTING)
    return MD_AWAY_SERVICE;
  if (!_md_intake_resident_reader (self))
    return MD_AWAY_READER;
  return _md_intake_card_is_there (self) ? MD_AWAY_LOOKING : MD_AWAY_LIFTED;
}

guint
_md_intake_away_left (MdIntake *self)
{
  gint64 left_ns;

  if (self->away.why == MD_AWAY_NOT || !self->desk)
    return 0;
  left_ns = self->away.until_ns - md_clock_get_monotonic_ns (_md_desk_get_clock (self->desk));
  return (guint)((MAX (left_ns, 0) + NS_PER_S - 1) / NS_PER_S);
}

static gboolean
tick_cb (gpointer data)
{
  MdIntake *self = data;
  guint left_s = _md_intake_away_left (self);

  if (left_s != self->away.left_s)
    g_object_notify (G_OBJECT (self), "away-left");
  self->away.left_s = left_s;
  if (left_s > 0 || self->busy != MD_BUSY_NOT)
    return G_SOURCE_CONTINUE;
  self->away.tick = 0;
  _md_intake_update (self);
  return G_SOURCE_REMOVE;
}

/* Nothing of the person is left where it can be read, or is bound to what is shown. */
static void
cover (MdIntake *self)
{
  _md_intake_cover_number (self);
  _md_intake_cover (self);
  _md_person_wipe (self->person);
  g_list_store_remove_all (self->comparison);
  g_list_store_remove_all (self->letter_lines);
}

static void
leave (MdIntake *self)
{
  MdClock *clock = _md_desk_get_clock (self->desk);

  if (!self->away.tag) /* it could not be known again */
    self->away.limit_s = 0;
  stop_asking (self);
  self->away.reader = NULL;
  self->away.until_ns = md_clock_get_monotonic_ns (clock) + (gint64)self->away.limit_s * NS_PER_S;
  self->away.why = find_why (self);
  self->away.left_s = self->away.limit_s;
  cover (self);
  self->away.tick = g_timeout_add_seconds (1, tick_cb, self);
  g_object_notify (G_OBJECT (self), "away");
  g_object_notify (G_OBJECT (self), "away-left");
}

/* --- and open again --- */

static void
come_back (MdIntake *self)
{
  g_clear_handle_id (&self->away.tick, g_source_remove);
  self->card_reader = self->away.reader;
  self->card_events = self->away.events;
  self->visit.card_left = TRUE;
  self->away.minding = TRUE; /* what is told of the data meanwhile is no reason to cover it again */
  md_form_data_unpark (self->data);
  self->away.why = MD_AWAY_NOT;
  _md_intake_cover (self);
  self->away.minding = FALSE;
  _md_intake_fill_person (self);
  if (self->step == MD_STEP_OF_CONFIRM)
    _md_intake_compare (self);
  if (self->proof && !self->named && _md_desk_get_session (self->desk))
    _md_intake_name_person (self, self->proof);
  g_object_notify (G_OBJECT (self), "away");
}

static gboolean
has_left (const GError *error)
{
  static const MdCardError codes[]
      = { MD_CARD_ERROR_REMOVED, MD_CARD_ERROR_NO_CARD, MD_CARD_ERROR_NO_READER,
          MD_CARD_ERROR_NO_SERVICE, MD_CARD_ERROR_SERVICE_LOST };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_error_matches (error, MD_CARD_ERROR, (int)codes[i]))
      return TRUE;
  return FALSE;
}

/* A card that says nothing of itself is none that did. */
static gboolean
is_another (const GError *error)
{
  return !error || g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_UNKNOWN_CARD)
         || g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_WRONG_CARD)
         || g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_NO_DATA);
}

static void
asked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (MdIntake) self = data;
  g_autofree char *tag = NULL;
  g_autoptr (GError) error = NULL;

  if (!take_answer (self, result, &tag, &error) || self->away.why == MD_AWAY_NOT)
    return;
  if (tag && g_strcmp0 (tag, self->away.tag) == 0 && self->busy == MD_BUSY_NOT)
    come_back (self);
  else if (has_left (error))
    set_why (self, MD_AWAY_LIFTED); /* the reader says so in a moment */
  else if (tag && md_card_tag_completes (self->away.tag, tag))
    set_why (self, MD_AWAY_UNSURE); /* the same certificate, and its own key says nothing */
  else if (is_another (error))
    {
      _md_intake_record (self, "refused", "cause=other-card", NULL);
      set_why (self, MD_AWAY_OTHER);
    }
  else
    set_why (self, MD_AWAY_UNSURE);
  _md_intake_update (self);
}

/* What lies there, or why nothing does. */
static void
look (MdIntake *self)
{
  MdIntakeAway why = find_why (self);
  MdCardReader *reader = _md_intake_resident_reader (self);

  if (why != MD_AWAY_LOOKING)
    {
      stop_asking (self);
      self->away.reader = NULL;
      set_why (self, why);
      return;
    }
  if (self->away.reader == reader && self->away.events == md_card_reader_get_events (reader))
    return; /* it was asked, or is being asked */
  self->away.reader = reader;
  self->away.events = md_card_reader_get_events (reader);
  ask_card (self, self->away.tag, asked_cb);
  set_why (self, MD_AWAY_LOOKING);
}

/* --- erased --- */

/* What was read is not needed any more. */
static gboolean
is_sealed (MdIntake *self)
{
  return self->step == MD_STEP_OF_DONE || self->container;
}

void
_md_intake_record_away (MdIntake *self)
{
  if (!self->away.unsaid || !_md_desk_get_session (self->desk) || !self->reservation)
    return;
  self->away.unsaid = FALSE;
  _md_intake_record (self, "done", "erased=card-away", NULL);
}

static void
erase (MdIntake *self)
{
  self->away.unsaid = !is_sealed (self); /* the end of every intake is no news */
  (void)_md_intake_erase_card (self, TRUE);
  _md_intake_record_away (self);
  /* Another card may lie there by now. */
  _md_intake_resident_card (self);
}

/* What is under way has what it needs. */
static void
wait_for_end (MdIntake *self)
{
  MdIntakeAway why = find_why (self);

  set_why (self, why == MD_AWAY_LOOKING ? MD_AWAY_LIFTED : why);
}

static gboolean
is_minded (MdIntake *self)
{
  const MdIdentityProof *proof = self->proof ? self->proof : self->unknown;

  return proof && self->away.key && md_identity_proof_is_by_card (proof);
}

void
_md_intake_mind_card (MdIntake *self)
{
  if (self->away.minding || !is_minded (self)
      || (self->away.why == MD_AWAY_NOT && _md_intake_same_card (self)))
    return;
  self->away.minding = TRUE;
  if (self->away.why == MD_AWAY_NOT && !(is_sealed (self) && self->busy == MD_BUSY_NOT))
    leave (self);
  if (self->busy != MD_BUSY_NOT)
    wait_for_end (self);
  else if (is_sealed (self) || _md_intake_away_left (self) == 0)
    erase (self);
  else
    {
      cover (self); /* an end may have filled something in */
      md_form_data_park (self->data);
      look (self);
    }
  self->away.minding = FALSE;
}

void
_md_intake_forget_away (MdIntake *self)
{
  gboolean away = self->away.why != MD_AWAY_NOT, minding = self->away.minding;

  stop_asking (self);
  g_clear_handle_id (&self->away.tick, g_source_remove);
  self->away.minding = TRUE;
  if (self->data)
    md_form_data_unpark (self->data);
  self->away.minding = minding;
  self->away.why = MD_AWAY_NOT;
  self->away.reader = NULL;
  g_clear_pointer (&self->away.key, g_bytes_unref);
  g_clear_pointer (&self->away.tag, g_free);
  if (away)
    g_object_notify (G_OBJECT (self), "away");
}

/* --- in words --- */

const char *
_md_intake_away_sentence (MdIntake *self)
{
  static const char *const sentences[MD_N_AWAY] = {
    [MD_AWAY_LIFTED] = N_ ("The card has left the reader. Put the same card back to go on."),
    [MD_AWAY_READER]
    = N_ ("The card reader is gone. Connect it again and put the same card on it to go on."),
    [MD_AWAY_SERVICE] = N_ ("The card service has stopped. When it is back, it goes on with the "
                            "same card on the reader."),
    [MD_AWAY_LOOKING] = N_ ("Looking whether it is the same card. Do not move it."),
    [MD_AWAY_OTHER] = N_ ("This is another card. Put the card from before back to go on."),
    [MD_AWAY_UNSURE]
    = N_ ("This card does not say whether it is the same. Take it off, and put it back."),
  };

  return gettext (sentences[self->away.why != MD_AWAY_NOT ? self->away.why : MD_AWAY_LIFTED]);
}
