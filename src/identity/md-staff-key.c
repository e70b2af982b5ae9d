// SPDX-License-Identifier: Apache-2.0
#include "md-staff-key.h"

#include <string.h>

// The card as the callbacks of an MdKey see it.
typedef struct
{
  MdStaffCard *card;
  MdStaffSlot slot;
  MdSecret *pin; // NULL: at the reader's keypad
  gboolean last_try;
  GCancellable *cancellable;
  gboolean opened; // slot OPEN: the PIN has been presented
} StaffKey;

static void
staff_key_free (gpointer data)
{
  StaffKey *self = data;
  g_object_unref (self->card);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->pin, md_secret_unref);
  g_free (self);
}

static gboolean
present_pin (StaffKey *self, GError **error)
{
  if (self->slot == MD_STAFF_SLOT_CARD_AUTH || self->opened)
    return TRUE;
  gboolean good
      = self->pin != NULL
            ? md_staff_card_verify (self->card, self->pin, self->last_try, self->cancellable, error)
            : md_staff_card_enter (self->card, self->last_try, self->cancellable, error);
  if (!good)
    return FALSE;
  self->opened = self->slot == MD_STAFF_SLOT_OPEN;
  return TRUE;
}

// The card does not know of the PIN: at a keypad, that is the keypad's fault.
static void
blame_pad (StaffKey *self, GError **error)
{
  if (self->pin == NULL && self->slot != MD_STAFF_SLOT_CARD_AUTH)
    md_card_connection_blame_pad (md_staff_card_get_connection (self->card), error);
}

static GBytes *
sign_digest (gpointer data, const guint8 *digest, GError **error)
{
  StaffKey *self = data;
  if (!present_pin (self, error))
    return NULL;
  GBytes *signature = md_staff_card_sign (self->card, self->slot, digest, MD_PKI_DIGEST_SIZE,
                                          self->cancellable, error);
  if (signature == NULL)
    blame_pad (self, error);
  return signature;
}

static gboolean
derive (gpointer data, const guint8 *point, guint8 *out_shared, GError **error)
{
  StaffKey *self = data;
  if (!present_pin (self, error))
    return FALSE;
  g_autoptr (MdSecret) shared
      = md_staff_card_derive (self->card, point, 65, self->cancellable, error);
  if (shared == NULL)
    {
      blame_pad (self, error);
      return FALSE;
    }
  memcpy (out_shared, md_secret_get_data (shared), md_secret_get_size (shared));
  return TRUE;
}

MdKey *
md_staff_key_new (MdStaffCard *card, MdStaffSlot slot, const MdStaffEntry *entry,
                  MdCertificate **out_certificate, GCancellable *cancellable, GError **error)
{
  static const MdKeyOps signing = { .sign_digest = sign_digest };
  static const MdKeyOps opening = { .ecdh = derive };
  g_return_val_if_fail (MD_IS_STAFF_CARD (card), NULL);
  g_return_val_if_fail (entry != NULL || slot == MD_STAFF_SLOT_CARD_AUTH, NULL);

  g_autoptr (GBytes) der = md_staff_card_read_certificate (card, slot, cancellable, error);
  if (der == NULL)
    return NULL;
  g_autoptr (MdCertificate) certificate = md_certificate_new_from_der (der, NULL);
  if (certificate == NULL)
    {
      md_card_error_set_detail (error, MD_CARD_ERROR_PROTOCOL, "no certificate in slot %02x", slot);
      return NULL;
    }
  StaffKey *data = g_new0 (StaffKey, 1);
  data->card = g_object_ref (card);
  data->slot = slot;
  data->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  if (entry != NULL && entry->pin != NULL)
    data->pin = md_secret_ref (entry->pin);
  data->last_try = entry != NULL && entry->last_try;
  MdKey *key = md_key_new_external (certificate, slot == MD_STAFF_SLOT_OPEN ? &opening : &signing,
                                    data, staff_key_free, error);
  if (key != NULL && out_certificate != NULL)
    *out_certificate = g_steal_pointer (&certificate);
  return key;
}
