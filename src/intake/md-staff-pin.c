// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <glib/gi18n.h>

#include "md-desk-private.h"

struct _MdStaffPin
{
  GObject parent_instance;

  MdDesk *desk; /* owns us; NULL once it is gone */
  MdStaffPinState state;
  int tries;
  gboolean has_pad;
  gboolean screen_keys; /* for this officer, though the reader has a keypad */
  gboolean confirmed;   /* for the next PIN */
  gboolean at_pad;      /* the PIN in use is typed at the keypad */
  gboolean told;        /* the card has just said it, with the refusal of a PIN */
  MdTrouble *trouble;
  MdTrouble *held;           /* the reader still waits at its keypad: nothing of it can be asked */
  GCancellable *cancellable; /* of the look that goes on */
};

G_DEFINE_FINAL_TYPE (MdStaffPin, md_staff_pin, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_STATE,
  PROP_TRIES,
  PROP_PAD,
  PROP_TROUBLE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static gboolean
uses_pad (MdStaffPin *self)
{
  return self->has_pad && !self->screen_keys;
}

static void
md_staff_pin_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  MdStaffPin *self = MD_STAFF_PIN (object);

  if (id == PROP_STATE)
    g_value_set_int (value, (int)self->state);
  else if (id == PROP_TRIES)
    g_value_set_int (value, self->tries);
  else if (id == PROP_PAD)
    g_value_set_boolean (value, uses_pad (self));
  else
    g_value_set_object (value, self->trouble);
}

static void
stop_looking (MdStaffPin *self)
{
  if (self->cancellable)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
md_staff_pin_dispose (GObject *object)
{
  MdStaffPin *self = MD_STAFF_PIN (object);

  stop_looking (self);
  g_clear_object (&self->held);
  g_clear_object (&self->trouble);
  G_OBJECT_CLASS (md_staff_pin_parent_class)->dispose (object);
}

static void
md_staff_pin_class_init (MdStaffPinClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = md_staff_pin_dispose;
  object_class->get_property = md_staff_pin_get_property;
  properties[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, 0, G_MAXINT, 0, flags);
  properties[PROP_TRIES]
      = g_param_spec_int ("tries", NULL, NULL, G_MININT, G_MAXINT, MD_CARD_TRIES_UNKNOWN, flags);
  properties[PROP_PAD] = g_param_spec_boolean ("pad", NULL, NULL, FALSE, flags);
  properties[PROP_TROUBLE] = g_param_spec_object ("trouble", NULL, NULL, MD_TYPE_TROUBLE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
md_staff_pin_init (MdStaffPin *self)
{
  self->tries = MD_CARD_TRIES_UNKNOWN;
}

static void held_cb (MdStaffPin *self);

MdStaffPin *
_md_staff_pin_new (MdDesk *desk)
{
  MdStaffPin *self = g_object_new (MD_TYPE_STAFF_PIN, NULL);

  self->desk = desk;
  g_signal_connect_object (md_desk_get_pcsc (desk), "notify::held", G_CALLBACK (held_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}

MdStaffPinState
md_staff_pin_get_state (MdStaffPin *self)
{
  return self->state;
}

int
md_staff_pin_get_tries (MdStaffPin *self)
{
  return self->tries;
}

MdTrouble *
md_staff_pin_get_trouble (MdStaffPin *self)
{
  return self->trouble;
}

/* One change, told as one. */
static void
set (MdStaffPin *self, MdStaffPinState state, MdTrouble *trouble)
{
  self->state = state;
  g_set_object (&self->trouble, trouble);
  g_object_freeze_notify (G_OBJECT (self));
  for (guint id = PROP_STATE; id < N_PROPS; id++)
    g_object_notify_by_pspec (G_OBJECT (self), properties[id]);
  g_object_thaw_notify (G_OBJECT (self));
}

/* --- what the card says --- */

typedef struct
{
  int tries;
  gboolean pad;
} Facts;

static gpointer
look_func (MdCardConnection *connection, gpointer data, GCancellable *cancellable, GError **error)
{
  Facts facts = { .tries = MD_CARD_TRIES_UNKNOWN };
  g_autoptr (MdStaffCard) card = md_staff_card_new (connection, cancellable, error);

  if (!card || !md_staff_card_get_tries (card, &facts.tries, cancellable, error))
    return NULL;
  facts.pad = md_staff_card_can_enter (card, cancellable);
  return g_memdup2 (&facts, sizeof facts);
}

/* The card has said how many tries are left. */
static void
take_tries (MdStaffPin *self, int tries)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (MdTrouble) trouble = NULL;

  self->tries = tries;
  if (tries == 0)
    {
      md_card_error_set_pin (&error, MD_CARD_ERROR_PIN_BLOCKED, MD_CARD_PIN_STAFF, 0);
      trouble = _md_trouble_new_from_error (error);
      set (self, MD_STAFF_PIN_LOCKED, trouble);
    }
  else if (tries == 1 || tries == MD_CARD_TRIES_UNKNOWN)
    set (self, MD_STAFF_PIN_DOUBTFUL, NULL);
  else
    set (self, MD_STAFF_PIN_READY, NULL);
}

/* The card could not be asked: it is asked again with the PIN, which is not sent before it has
 * answered. */
static void
look_failed (MdStaffPin *self, const GError *error)
{
  g_autoptr (MdTrouble) trouble = _md_trouble_new_from_error (error);

  self->tries = MD_CARD_TRIES_UNKNOWN;
  set (self, MD_STAFF_PIN_READY, trouble);
}

static gboolean
is_held (const GError *error)
{
  return g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_PAD_WAITING);
}

static void
hold (MdStaffPin *self, const GError *error)
{
  g_clear_object (&self->held);
  self->held = _md_trouble_new_from_error (error);
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (MdStaffPin) self = data;
  g_autoptr (GError) error = NULL;
  g_autofree Facts *facts = md_pcsc_run_finish (MD_PCSC (source), result, &error);

  if (!self->desk || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
      || self->state != MD_STAFF_PIN_LOOKING)
    return;
  g_clear_object (&self->cancellable);
  if (is_held (error))
    {
      hold (self, error);
      set (self, MD_STAFF_PIN_LOOKING, self->held); /* held_cb() looks again */
      return;
    }
  g_clear_object (&self->held);
  if (!facts)
    {
      look_failed (self, error);
      return;
    }
  self->has_pad = facts->pad;
  take_tries (self, facts->tries);
}

void
md_staff_pin_want (MdStaffPin *self)
{
  g_return_if_fail (MD_IS_STAFF_PIN (self));
  MdCardJob job = { .func = look_func, .result_free = g_free };
  g_autoptr (GError) error = NULL;

  if (!self->desk || md_desk_get_state (self->desk) != MD_DESK_WORKING
      || self->state == MD_STAFF_PIN_LOOKING)
    return;
  if (self->told)
    {
      self->told = FALSE;
      return;
    }
  stop_looking (self);
  self->cancellable = g_cancellable_new ();
  self->confirmed = FALSE;
  set (self, MD_STAFF_PIN_LOOKING, self->held);
  g_object_ref (self);
  if (_md_desk_run_staff_job (self->desk, &job, self->cancellable, looked_cb, self, &error))
    return;
  look_failed (self, error);
  g_object_unref (self);
}

/* The keypad has given up, or somebody pressed it: the card can be asked again. */
static void
held_cb (MdStaffPin *self)
{
  MdPcsc *pcsc = self->desk ? md_desk_get_pcsc (self->desk) : NULL;

  if (!pcsc || !self->held
      || md_pcsc_get_held_on (pcsc, md_pcsc_get_reader (pcsc, MD_CARD_ROLE_STAFF))
             != MD_PCSC_HELD_NOT)
    return;
  g_clear_object (&self->held);
  if (self->state != MD_STAFF_PIN_LOOKING)
    return;
  self->state = MD_STAFF_PIN_UNKNOWN;
  md_staff_pin_want (self);
}

/* --- what the officer says --- */

void
md_staff_pin_confirm (MdStaffPin *self)
{
  g_return_if_fail (MD_IS_STAFF_PIN (self));

  if (self->state != MD_STAFF_PIN_DOUBTFUL)
    return;
  self->confirmed = TRUE;
  set (self, MD_STAFF_PIN_READY, NULL);
}

void
md_staff_pin_use_screen_keys (MdStaffPin *self)
{
  g_return_if_fail (MD_IS_STAFF_PIN (self));

  self->screen_keys = TRUE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PAD]);
}

/* --- the PIN on its way --- */

MdStaffEntry
_md_staff_pin_use (MdStaffPin *self, MdSecret *pin)
{
  MdStaffEntry entry = { .pin = pin ? md_secret_ref (pin) : NULL, .last_try = self->confirmed };

  self->confirmed = self->told = FALSE;
  self->at_pad = pin == NULL;
  return entry;
}

const char *
_md_staff_pin_sentence (MdStaffPin *self, const char *otherwise)
{
  return self->at_pad ? _ ("Enter your PIN on the keys of the reader for the staff card.")
                      : otherwise;
}

void
_md_staff_pin_refused (MdStaffPin *self, const GError *error)
{
  static const MdCardError telling[]
      = { MD_CARD_ERROR_PIN_WRONG, MD_CARD_ERROR_PIN_SAME, MD_CARD_ERROR_PIN_LAST_TRY,
          MD_CARD_ERROR_PIN_UNCOUNTED, MD_CARD_ERROR_PIN_BLOCKED };

  if (is_held (error))
    hold (self, error);
  for (guint i = 0; i < G_N_ELEMENTS (telling); i++)
    if (g_error_matches (error, MD_CARD_ERROR, (int)telling[i]))
      {
        self->told = TRUE;
        take_tries (self, md_card_error_get_tries (error));
      }
}

gboolean
_md_staff_pin_says_it (const GError *error)
{
  return is_held (error) || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

void
_md_staff_pin_forget (MdStaffPin *self)
{
  stop_looking (self);
  g_clear_object (&self->held);
  self->tries = MD_CARD_TRIES_UNKNOWN;
  self->has_pad = self->screen_keys = self->confirmed = self->at_pad = self->told = FALSE;
  set (self, MD_STAFF_PIN_UNKNOWN, NULL);
}

void
_md_staff_pin_detach (MdStaffPin *self)
{
  self->desk = NULL;
  stop_looking (self);
}
