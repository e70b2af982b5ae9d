// SPDX-License-Identifier: Apache-2.0
// What the card said of a field: taken over and locked, corrected openly, and never overruled
// without a word.
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "md-form-data-private.h"

static gboolean
is_number (MdEntry *self)
{
  return self->item->field->type == MD_FIELD_MYNUM;
}

gboolean
md_entry_get_corrected (MdEntry *self)
{
  return self->corrected;
}

const char *
_md_entry_card_text (MdEntry *self)
{
  return self->card_secret ? md_secret_get_text (self->card_secret) : self->card_value;
}

/* But for the width of blanks and digits, which is the keyboard's and not the clerk's. */
static gboolean
is_same_text (const char *card, const char *value)
{
  md_autowipe char *one = md_text_tidy (card);
  md_autowipe char *other = md_text_tidy (value);

  return g_strcmp0 (one, other) == 0;
}

gboolean
_md_entry_is_corrected (MdEntry *self)
{
  /* An empty number is missing, not another one. */
  if (self->card_secret)
    return self->secret && !md_secret_equal (self->secret, self->card_secret);
  return self->card_value && !is_same_text (self->card_value, self->value);
}

const char *
_md_entry_complaint (MdEntry *self)
{
  if (!_md_entry_is_corrected (self))
    return NULL;
  if (is_number (self))
    return _ ("The number typed is not the one on the card. Take the card's number, or find out "
              "whose card it is.");
  return self->reason ? NULL
                      : _ ("This is not what the card says. Take the card's value, or give the "
                           "reason.");
}

/* What stands in the field is kept as the card's before it is opened. */
static void
keep_card_value (MdEntry *self)
{
  if (!self->locked || self->source != MD_SOURCE_CARD)
    return;
  if (!is_number (self))
    _md_entry_replace (&self->card_value, g_strdup (self->value));
  else if (self->secret)
    {
      g_clear_pointer (&self->card_secret, md_secret_unref);
      self->card_secret = md_secret_ref (self->secret);
    }
}

gboolean
md_entry_unlock (MdEntry *self, const char *reason, GError **error)
{
  g_return_val_if_fail (MD_IS_ENTRY (self), FALSE);

  if (!self->data || self->view < MD_VIEW_MASKED || self->data->step != MD_STEP_ENTRY
      || !(self->item->field->sources & MD_SOURCE_TYPED))
    {
      g_set_error_literal (error, MD_FORMS_ERROR, MD_FORMS_ERROR_VALUE,
                           _ ("This field cannot be corrected here."));
      return FALSE;
    }
  if (!reason || !reason[0] || md_text_contains_individual_number (reason))
    {
      g_set_error_literal (error, MD_FORMS_ERROR, MD_FORMS_ERROR_VALUE,
                           _ ("Say why it is corrected, in a few words and without a number."));
      return FALSE;
    }
  keep_card_value (self);
  self->locked = FALSE;
  _md_entry_replace (&self->reason, g_strdup (reason));
  _md_entry_replace (&self->text, self->value ? _md_entry_normal_text (self) : NULL);
  _md_entry_show_error (self, _md_entry_complaint (self));
  g_object_notify (G_OBJECT (self), "locked");
  _md_form_data_update (self->data, md_entry_get_id (self));
  g_object_notify (G_OBJECT (self), "text");
  g_object_notify (G_OBJECT (self), "corrected"); /* it may have its reason now */
  return TRUE;
}

gboolean
md_entry_has_reason (MdEntry *self)
{
  g_return_val_if_fail (MD_IS_ENTRY (self), FALSE);
  return self->reason != NULL;
}

gboolean
md_entry_restore_card (MdEntry *self)
{
  md_autowipe char *value = NULL;
  g_autoptr (MdSecret) secret = NULL;

  g_return_val_if_fail (MD_IS_ENTRY (self), FALSE);

  if (!self->data || self->data->step != MD_STEP_ENTRY || self->view == MD_VIEW_HIDDEN
      || !_md_entry_card_text (self))
    return FALSE;
  value = g_steal_pointer (&self->card_value);
  secret = g_steal_pointer (&self->card_secret);
  _md_entry_replace (&self->reason, NULL);
  if (secret)
    _md_entry_put_secret (self, secret, MD_SOURCE_CARD, TRUE);
  else
    _md_entry_put (self, value, MD_SOURCE_CARD, TRUE);
  _md_form_data_update (self->data, md_entry_get_id (self));
  return TRUE;
}

gboolean
md_entry_holds_number (MdEntry *self, const MdSecret *number)
{
  g_return_val_if_fail (MD_IS_ENTRY (self) && number, FALSE);
  return self->secret && md_secret_equal (self->secret, number);
}

gboolean
md_entry_digest_number (MdEntry *self, const char *tag, guint8 out[static MD_SHA256_SIZE])
{
  char text[128];
  gsize length;

  g_return_val_if_fail (MD_IS_ENTRY (self) && tag && strlen (tag) < 64, FALSE);

  if (!self->secret || md_secret_get_size (self->secret) > 32)
    return FALSE;
  length = (gsize)g_snprintf (text, sizeof text, "%s\n", tag);
  memcpy (text + length, md_secret_get_data (self->secret), md_secret_get_size (self->secret));
  length += md_secret_get_size (self->secret);
  text[length++] = '\n';
  md_sha256 (text, length, out);
  md_wipe (text, sizeof text);
  return TRUE;
}

/* Typed before the card was read, and not the same: the clerk decides. */
static gboolean
is_typed_otherwise (MdEntry *self, const char *value, const MdSecret *secret)
{
  if (self->source != MD_SOURCE_TYPED)
    return FALSE;
  return secret ? self->secret && !md_secret_equal (self->secret, secret)
                : self->value && !is_same_text (value, self->value);
}

void
_md_entry_take_card (MdEntry *self, const char *value, MdSecret *secret)
{
  const gboolean disputed = is_typed_otherwise (self, value, secret);

  _md_entry_replace (&self->reason, NULL);
  _md_entry_replace (&self->card_value, disputed && !secret ? g_strdup (value) : NULL);
  g_clear_pointer (&self->card_secret, md_secret_unref);
  if (disputed)
    {
      self->card_secret = secret ? md_secret_ref (secret) : NULL;
      _md_entry_show_error (self, _md_entry_complaint (self));
    }
  else if (secret)
    _md_entry_put_secret (self, secret, MD_SOURCE_CARD, TRUE);
  else
    _md_entry_put (self, value, MD_SOURCE_CARD, TRUE);
}

gboolean
md_form_data_holds_card (MdFormData *self)
{
  g_return_val_if_fail (MD_IS_FORM_DATA (self), FALSE);

  for (guint i = 0; i < self->entries->len; i++)
    {
      const MdEntry *entry = g_ptr_array_index (self->entries, i);

      if (entry->source == MD_SOURCE_CARD || entry->card_value || entry->card_secret)
        return TRUE;
    }
  return self->parked != NULL;
}
