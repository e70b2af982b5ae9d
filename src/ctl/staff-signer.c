// SPDX-License-Identifier: Apache-2.0
#include "staff-signer.h"

#include <glib/gi18n.h>
#include "md-card.h"
#include "md-identity.h"

#include "readers.h"
#include "terminal.h"

/* For each answer of a card; a keypad waits longer by itself. */
#define PATIENCE_S 10
#define LAST_WORD "yes"
#define TYPED_SIZE MD_LIMIT_PIN

/* One look at a card, or one signature, here and on the worker in turns; counted, since the worker
 * may be left behind with a card that says nothing. */
typedef struct
{
  char *reader;
  char *officer;
  int tries;
  gboolean at_pad;
  gboolean last_try;
  MdSecret *pin; /* NULL: at the reader's keys */
  GBytes *content;
  GBytes *signature;
} Work;

struct _StaffSigner
{
  MdPcsc *pcsc;
  Work *card;
};

static void
work_clear (gpointer data)
{
  Work *self = data;

  g_free (self->reader);
  g_free (self->officer);
  g_clear_pointer (&self->pin, md_secret_unref);
  g_clear_pointer (&self->content, g_bytes_unref);
  g_clear_pointer (&self->signature, g_bytes_unref);
}

static void
work_unref (gpointer self)
{
  g_atomic_rc_box_release_full (self, work_clear);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Work, work_unref)

static gboolean
run (MdPcsc *pcsc, Work *self, MdCardJobFunc func, GError **error)
{
  const MdCardJob job = { .reader = self->reader,
                          .func = func,
                          .data = g_atomic_rc_box_acquire (self),
                          .data_free = work_unref,
                          .result_free = work_unref };
  g_autoptr (Work) done = readers_run (pcsc, &job, error);

  return done != NULL;
}

/* --- On the worker; the result is the work itself, or NULL --- */

static gpointer
look_job (MdCardConnection *connection, gpointer data, GCancellable *cancellable, GError **error)
{
  Work *self = data;
  g_autoptr (MdStaffCard) card = md_staff_card_new (connection, cancellable, error);
  g_autoptr (GBytes) der = NULL;
  g_autoptr (MdCertificate) certificate = NULL;

  if (card == NULL || !md_staff_card_get_tries (card, &self->tries, cancellable, error))
    return NULL;
  der = md_staff_card_read_certificate (card, MD_STAFF_SLOT_SIGN, cancellable, error);
  certificate = der != NULL ? md_certificate_new_from_der (der, error) : NULL;
  if (certificate == NULL)
    return NULL;
  self->officer = g_strdup (md_certificate_get_subject_cn (certificate));
  self->at_pad = md_staff_card_can_enter (card, cancellable);
  return g_atomic_rc_box_acquire (self);
}

static gpointer
sign_job (MdCardConnection *connection, gpointer data, GCancellable *cancellable, GError **error)
{
  Work *self = data;
  const MdStaffEntry entry = { .pin = self->pin, .last_try = self->last_try };
  const gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_autoptr (MdStaffCard) card = md_staff_card_new (connection, cancellable, error);
  g_autoptr (MdCertificate) certificate = NULL;
  g_autoptr (MdKey) key = NULL;

  if (card == NULL)
    return NULL;
  key = md_staff_key_new (card, MD_STAFF_SLOT_SIGN, &entry, &certificate, cancellable, error);
  if (key == NULL)
    return NULL;
  self->signature = md_cms_sign_detached (self->content, key, certificate, NULL, now, error);
  return self->signature != NULL ? g_atomic_rc_box_acquire (self) : NULL;
}

/* --- Which card --- */

static gboolean
is_no_such_card (const GError *error)
{
  static const MdCardError codes[] = { MD_CARD_ERROR_NO_CARD, MD_CARD_ERROR_NO_READER,
                                       MD_CARD_ERROR_UNKNOWN_CARD, MD_CARD_ERROR_WRONG_CARD };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_error_matches (error, MD_CARD_ERROR, (int)codes[i]))
      return TRUE;
  return FALSE;
}

static Work *
find_card (MdPcsc *pcsc, char **readers, GError **error)
{
  g_autoptr (GError) trouble = NULL;
  g_autoptr (Work) found = NULL;

  for (char **reader = readers; *reader != NULL; reader++)
    {
      g_autoptr (GError) local = NULL;
      g_autoptr (Work) look = g_atomic_rc_box_new0 (Work);

      look->reader = g_strdup (*reader);
      if (!run (pcsc, look, look_job, &local))
        {
          if (!is_no_such_card (local) && trouble == NULL)
            trouble = g_steal_pointer (&local);
          continue;
        }
      if (found != NULL)
        {
          g_set_error_literal (error, MD_CARD_ERROR, MD_CARD_ERROR_WRONG_CARD,
                               _ ("More than one staff card lies on the readers. Leave only that "
                                  "of the officer who releases."));
          return NULL;
        }
      found = g_steal_pointer (&look);
    }
  if (found == NULL && trouble != NULL)
    g_propagate_error (error, g_steal_pointer (&trouble));
  else if (found == NULL)
    g_set_error_literal (error, MD_CARD_ERROR, MD_CARD_ERROR_NO_CARD,
                         _ ("No staff card lies on a reader. The officer who releases puts it "
                            "there; then try again."));
  return g_steal_pointer (&found);
}

StaffSigner *
staff_signer_find (Context *context, GError **error)
{
  g_autoptr (StaffSigner) self = g_new0 (StaffSigner, 1);
  g_auto (GStrv) readers = NULL;

  self->pcsc = md_pcsc_new ();
  readers_register (context, self->pcsc);
  readers = readers_await (self->pcsc, error);
  if (readers == NULL)
    return NULL;
  md_pcsc_set_patience (self->pcsc, PATIENCE_S);
  self->card = find_card (self->pcsc, readers, error);
  return self->card != NULL ? g_steal_pointer (&self) : NULL;
}

void
staff_signer_free (StaffSigner *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->card, work_unref);
  g_clear_object (&self->pcsc);
  g_free (self);
}

const char *
staff_signer_get_officer (const StaffSigner *self)
{
  return self->card->officer;
}

/* --- The signature --- */

/* FALSE: locked, or not meant. */
static gboolean
warn (Work *card, GError **error)
{
  g_autofree char *name = md_card_text_name_pin (MD_CARD_PIN_STAFF);
  g_autofree char *tries = md_card_text_for_tries (card->tries);

  g_printerr (_ ("%s: %s"), name, tries);
  g_printerr ("\n");
  if (card->tries == 0)
    {
      md_card_error_set_pin (error, MD_CARD_ERROR_PIN_BLOCKED, MD_CARD_PIN_STAFF, 0);
      return FALSE;
    }
  if (card->tries > 1)
    return TRUE;
  card->last_try = terminal_confirm (
      _ ("This may be the last try: a wrong PIN locks it. To use it, type \"yes\": "), LAST_WORD);
  if (!card->last_try)
    md_card_error_set_pin (
        error, card->tries == 1 ? MD_CARD_ERROR_PIN_LAST_TRY : MD_CARD_ERROR_PIN_UNCOUNTED,
        MD_CARD_PIN_STAFF, card->tries);
  return card->last_try;
}

static gboolean
ask (Work *card, GError **error)
{
  if (card->at_pad)
    {
      g_printerr ("%s\n", _ ("Type the PIN of the staff card at the keys of the reader."));
      return TRUE;
    }
  card->pin = terminal_ask (_ ("PIN of the staff card: "), TYPED_SIZE);
  if (card->pin == NULL)
    md_card_error_set_pin (error, MD_CARD_ERROR_PIN_FORMAT, MD_CARD_PIN_STAFF, card->tries);
  return card->pin != NULL;
}

GBytes *
staff_signer_sign (StaffSigner *self, GBytes *content, GError **error)
{
  Work *card = self->card;

  g_clear_pointer (&card->content, g_bytes_unref);
  card->content = g_bytes_ref (content);
  if (!warn (card, error) || !ask (card, error) || !run (self->pcsc, card, sign_job, error))
    return NULL;
  return g_bytes_ref (card->signature);
}

Status
staff_signer_fail (GError *error)
{
  if (error->domain == MD_CARD_ERROR && md_card_error_get_pin (error) != MD_CARD_PIN_NONE)
    {
      g_autoptr (MdCardText) text = md_card_text_for_error (error);

      g_printerr ("%s\n%s\n", text->title, text->meaning);
      g_error_free (error);
      return STATUS_FAILED;
    }
  return context_fail (error);
}
