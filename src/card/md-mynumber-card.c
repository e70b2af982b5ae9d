// SPDX-License-Identifier: Apache-2.0
#include "md-mynumber-card.h"

#include "md-card-status.h"
#include "md-mynumber-jpki.h"
#include "md-mynumber-private.h"

G_DEFINE_FINAL_TYPE (MdMyNumberCard, md_mynumber_card, G_TYPE_OBJECT)

static void
md_mynumber_card_dispose (GObject *object)
{
  MdMyNumberCard *self = MD_MYNUMBER_CARD (object);
  g_clear_object (&self->connection);
  g_clear_pointer (&self->auth_certificate, g_bytes_unref);
  g_clear_pointer (&self->auth_beginning, g_bytes_unref);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->refused, md_card_memory_unref);
  G_OBJECT_CLASS (md_mynumber_card_parent_class)->dispose (object);
}

static void
md_mynumber_card_class_init (MdMyNumberCardClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = md_mynumber_card_dispose;
}

static void
md_mynumber_card_init (MdMyNumberCard *self)
{
  self->refused = md_card_memory_new ();
}

// The resident's card is not there: says which other card it is, if it is one of ours.
static void
set_unknown_card (MdCardConnection *connection, guint16 sw, GCancellable *cancellable,
                  GError **error)
{
  guint16 piv_sw = 0;
  if (!md_card_select_piv (connection, &piv_sw, cancellable, error))
    return;
  if (piv_sw == MD_SW_OK)
    md_card_error_set_detail (error, MD_CARD_ERROR_WRONG_CARD, "PIV card");
  else
    md_card_error_set_detail (error, MD_CARD_ERROR_UNKNOWN_CARD, "SELECT JPKI: %04x", sw);
}

MdMyNumberCard *
md_mynumber_card_new (MdCardConnection *connection, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (MD_IS_CARD_CONNECTION (connection), NULL);

  // Some cards answer 6F00 to the first command after power-on, whatever it is: this one absorbs
  // it.
  MdCommand throw_away = { .ins = 0xa4 };
  guint16 sw = 0;
  g_autoptr (GBytes) ignored
      = md_card_connection_send (connection, &throw_away, &sw, cancellable, error);
  if (ignored == NULL)
    return NULL;
  if (!md_card_select_application (connection, md_card_aid_jpki, sizeof md_card_aid_jpki, &sw,
                                   cancellable, error))
    return NULL;
  if (sw != MD_SW_OK)
    {
      set_unknown_card (connection, sw, cancellable, error);
      return NULL;
    }
  MdMyNumberCard *self = g_object_new (MD_TYPE_MYNUMBER_CARD, NULL);
  self->connection = g_object_ref (connection);
  self->application = MD_MYNUMBER_JPKI;
  return self;
}

MdCardConnection *
md_mynumber_card_get_connection (MdMyNumberCard *self)
{
  g_return_val_if_fail (MD_IS_MYNUMBER_CARD (self), NULL);
  return self->connection;
}

char *
md_mynumber_card_list_applications (MdMyNumberCard *self, GCancellable *cancellable, GError **error)
{
  static const struct
  {
    const char *name;
    const guint8 *aid;
  } applications[] = { { "JPKI", md_card_aid_jpki },
                       { "TEXT", md_card_aid_text },
                       { "VISUAL", md_card_aid_visual },
                       { "JUKI", md_card_aid_juki },
                       { "COMMON", md_card_aid_common } };
  g_return_val_if_fail (MD_IS_MYNUMBER_CARD (self), NULL);
  g_autoptr (GString) found = g_string_new (NULL);
  self->application = MD_MYNUMBER_NONE;
  for (gsize i = 0; i < G_N_ELEMENTS (applications); i++)
    {
      guint16 sw = 0;
      if (!md_card_select_application (self->connection, applications[i].aid,
                                       sizeof md_card_aid_jpki, &sw, cancellable, error))
        return NULL;
      if (sw == MD_SW_OK)
        g_string_append_printf (found, "%s%s", found->len > 0 ? ", " : "", applications[i].name);
    }
  return g_string_free (g_steal_pointer (&found), FALSE);
}

// Where the card keeps each PIN. The order of A and B is not the same in the two applications.
static const struct
{
  MdMyNumberApplication application;
  guint16 ef;
} pins[] = {
  [MD_CARD_PIN_AUTH] = { MD_MYNUMBER_JPKI, 0x0018 },
  [MD_CARD_PIN_TEXT] = { MD_MYNUMBER_TEXT, 0x0011 },
  [MD_CARD_PIN_SIGN] = { MD_MYNUMBER_JPKI, 0x001b },
  [MD_CARD_PIN_TEXT_A] = { MD_MYNUMBER_TEXT, 0x0014 },
  [MD_CARD_PIN_TEXT_B] = { MD_MYNUMBER_TEXT, 0x0015 },
  [MD_CARD_PIN_FACE_A] = { MD_MYNUMBER_VISUAL, 0x0013 },
  [MD_CARD_PIN_FACE_B] = { MD_MYNUMBER_VISUAL, 0x0012 },
};

gboolean
_md_mynumber_select_pin (MdMyNumberCard *self, MdCardPin pin, GCancellable *cancellable,
                         GError **error)
{
  g_return_val_if_fail (pin > MD_CARD_PIN_NONE && pin < G_N_ELEMENTS (pins), FALSE);
  return _md_mynumber_select_file (self, pins[pin].application, pins[pin].ef, cancellable, error);
}

// Another program's PIN stands, and hides the count: the card forgets it in another application.
static gboolean
take_back (MdMyNumberCard *self, MdCardPin pin, GCancellable *cancellable, GError **error)
{
  const gboolean jpki = pins[pin].application == MD_MYNUMBER_JPKI;
  guint16 sw = 0; // a phone has no other one
  self->application = MD_MYNUMBER_NONE;
  return md_card_select_application (self->connection, jpki ? md_card_aid_text : md_card_aid_jpki,
                                     sizeof md_card_aid_jpki, &sw, cancellable, error)
         && _md_mynumber_select_pin (self, pin, cancellable, error);
}

gboolean
md_mynumber_card_get_tries (MdMyNumberCard *self, MdCardPin pin, int *out_tries,
                            GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (MD_IS_MYNUMBER_CARD (self), FALSE);
  g_return_val_if_fail (pin > MD_CARD_PIN_NONE && pin < G_N_ELEMENTS (pins), FALSE);
  const gboolean accepted = (self->accepted & 1u << pin) != 0;
  const int verified = accepted ? md_card_pin_get_maximum (pin) : MD_CARD_TRIES_HIDDEN;
  int tries = MD_CARD_TRIES_UNKNOWN;
  if (!_md_mynumber_select_pin (self, pin, cancellable, error)
      || !md_card_ask_tries (self->connection, pin, verified, &tries, cancellable, error))
    return FALSE;
  // Not where it would take back what was entered in this conversation.
  if (tries == MD_CARD_TRIES_HIDDEN && self->accepted == 0
      && (!take_back (self, pin, cancellable, error)
          || !md_card_ask_tries (self->connection, pin, verified, &tries, cancellable, error)))
    return FALSE;
  *out_tries = tries == MD_CARD_TRIES_HIDDEN ? MD_CARD_TRIES_UNKNOWN : tries;
  return TRUE;
}

void
_md_mynumber_forget_tries (MdMyNumberCard *self, MdCardPin pin)
{
  self->asked &= ~(1u << pin);
}

// The same, from what the card said in this conversation where nothing was presented since.
static gboolean
know_tries (MdMyNumberCard *self, MdCardPin pin, int *out_tries, GCancellable *cancellable,
            GError **error)
{
  if ((self->asked & 1u << pin) != 0)
    {
      *out_tries = self->tries[pin];
      return _md_mynumber_select_pin (self, pin, cancellable, error);
    }
  if (!md_mynumber_card_get_tries (self, pin, out_tries, cancellable, error))
    return FALSE;
  if (*out_tries >= 0)
    {
      self->asked |= 1u << pin;
      self->tries[pin] = *out_tries;
    }
  return TRUE;
}

gboolean
md_mynumber_card_may_verify (MdMyNumberCard *self, MdCardPin pin, MdCardVerifyFlags flags,
                             int *out_tries, GCancellable *cancellable, GError **error)
{
  int tries = MD_CARD_TRIES_UNKNOWN;
  g_return_val_if_fail (pin > MD_CARD_PIN_NONE && pin < G_N_ELEMENTS (pins), FALSE);
  if (!know_tries (self, pin, &tries, cancellable, error)
      || !md_card_may_present (pin, tries, (flags & MD_CARD_VERIFY_LAST_TRY) != 0, error))
    return FALSE;
  if (out_tries != NULL)
    *out_tries = tries;
  return TRUE;
}

// What the card says of its contents; of the transport nothing is among it.
static gboolean
is_told_otherwise (const GError *error)
{
  return g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_NO_DATA)
         || g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_PROTOCOL);
}

// The same where whatever a card answers is as good as nothing: it is used for this alone. One that
// fell silent says so to the next command.
static gboolean
is_no_answer (const GError *error)
{
  return is_told_otherwise (error)
         || g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_NEEDED)
         || g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_UNSUPPORTED)
         || g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_FAILED);
}

gboolean
md_mynumber_card_recognise (MdMyNumberCard *self, GCancellable *cancellable, GError **error)
{
  static const struct
  {
    char *(*name) (MdMyNumberCard *, GCancellable *, GError **);
    gboolean (*is_passed_over) (const GError *);
  } ways[] = { { _md_mynumber_name_certificate, is_told_otherwise },
               { _md_mynumber_name_serial, is_no_answer },
               { _md_mynumber_name_manager, is_no_answer } };
  g_return_val_if_fail (MD_IS_MYNUMBER_CARD (self), FALSE);
  if (self->name != NULL || md_card_connection_get_memory (self->connection) == NULL)
    return TRUE;
  gboolean garbled = FALSE; // it may have what could not be read, and be known by it elsewhere
  for (gsize i = 0; i < G_N_ELEMENTS (ways) && self->name == NULL; i++)
    {
      g_autoptr (GError) local_error = NULL;
      self->name = ways[i].name (self, cancellable, &local_error);
      if (local_error != NULL && !ways[i].is_passed_over (local_error))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
      garbled = garbled
                || (local_error != NULL
                    && !g_error_matches (local_error, MD_CARD_ERROR, MD_CARD_ERROR_NO_DATA));
    }
  self->nameless = garbled || self->name == NULL;
  if (self->name == NULL)
    self->name = md_card_name_by_place (self->connection);
  return TRUE;
}

// What the card said about SECRET, for the rest of this conversation.
static void
note (MdMyNumberCard *self, const MdPinUse *use, const GError *error)
{
  if (error == NULL)
    self->accepted |= 1u << use->pin;
  else if (g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_WRONG)
           || g_error_matches (error, MD_CARD_ERROR, MD_CARD_ERROR_PIN_BLOCKED))
    md_card_memory_note_refused (self->refused, use, md_card_error_get_tries (error));
}

gboolean
md_mynumber_card_verify (MdMyNumberCard *self, MdCardPin pin, const MdSecret *secret,
                         MdCardVerifyFlags flags, GCancellable *cancellable, GError **error)
{
  g_return_val_if_fail (MD_IS_MYNUMBER_CARD (self), FALSE);
  g_return_val_if_fail (pin > MD_CARD_PIN_NONE && pin < G_N_ELEMENTS (pins), FALSE);
  g_return_val_if_fail (secret != NULL, FALSE);

  const MdPinUse use = { .card = "", .place = "", .pin = pin, .secret = secret };
  int tries = MD_CARD_TRIES_UNKNOWN;
  if (!md_card_pin_is_plausible (pin, secret))
    {
      md_card_error_set_pin (error, MD_CARD_ERROR_PIN_FORMAT, pin, MD_CARD_TRIES_UNKNOWN);
      return FALSE;
    }
  if (md_card_memory_knows (self->refused, &use, &tries))
    {
      md_card_error_set_pin (error, MD_CARD_ERROR_PIN_SAME, pin, tries);
      return FALSE;
    }
  if (!md_mynumber_card_recognise (self, cancellable, error)
      || !md_mynumber_card_may_verify (self, pin, flags, &tries, cancellable, error))
    return FALSE;

  g_autoptr (GError) local_error = NULL;
  _md_mynumber_forget_tries (self, pin);
  MdPresentation presentation = { .pin = pin,
                                  .card = self->name,
                                  .nameless = self->nameless,
                                  .again = (flags & MD_CARD_VERIFY_SENT_BEFORE) != 0,
                                  .secret = secret,
                                  .data = secret,
                                  .tries = tries };
  gboolean accepted
      = md_card_present_pin (self->connection, &presentation, cancellable, &local_error);
  note (self, &use, local_error);
  if (!accepted)
    g_propagate_error (error, g_steal_pointer (&local_error));
  return accepted;
}
