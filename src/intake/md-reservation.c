// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <glib/gi18n.h>

#include <md-base.h>

#include "md-intake-flow-private.h"

static char *
dup_text (GVariant *dict, const char *key)
{
  char *text = NULL;

  (void)g_variant_lookup (dict, key, "s", &text);
  return text;
}

MdReservation *
_md_reservation_new (GVariant *dict, GError **error)
{
  g_autoptr (MdReservation) self = g_new0 (MdReservation, 1);
  g_autoptr (GVariant) nonce = g_variant_lookup_value (dict, "nonce", G_VARIANT_TYPE_BYTESTRING);
  g_autofree char *state = dup_text (dict, "nonce_state");
  guint64 monotonic = 0;

  self->intake = dup_text (dict, "intake");
  self->receipt_number = dup_text (dict, "receipt_number");
  self->office = dup_text (dict, "office");
  self->terminal = dup_text (dict, "terminal");
  self->clerk = dup_text (dict, "clerk");
  self->time = dup_text (dict, "time");
  self->boot_id = dup_text (dict, "boot_id");
  (void)g_variant_lookup (dict, "monotonic_ns", "t", &monotonic);
  self->monotonic_ns = (gint64)monotonic;
  if (nonce)
    self->nonce = g_bytes_new (g_variant_get_data (nonce), g_variant_get_size (nonce));
  if (self->intake && md_uuid7_is_valid (self->intake) && self->receipt_number && self->office
      && self->terminal && self->clerk && self->time && self->boot_id && state
      && md_nonce_state_from_string (state, &self->nonce_state))
    return g_steal_pointer (&self);
  g_set_error_literal (
      error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_UNAVAILABLE,
      _ ("The service gave an incomplete reception number. Try again, or call the administrator."));
  return NULL;
}

void
_md_reservation_free (MdReservation *self)
{
  if (!self)
    return;
  g_free (self->intake);
  g_free (self->receipt_number);
  g_free (self->office);
  g_free (self->terminal);
  g_free (self->clerk);
  g_free (self->time);
  g_free (self->boot_id);
  g_clear_pointer (&self->nonce, g_bytes_unref);
  g_clear_pointer (&self->code, md_secret_unref);
  g_free (self);
}

void
_md_reservation_ask (MdIntake *self, MdForm *form, GCancellable *cancellable,
                     GAsyncReadyCallback callback, gpointer user_data)
{
  MdBusTerminal1 *proxy = _md_desk_get_proxy (self->desk);
  const char *session = _md_desk_get_session (self->desk);

  if (_md_intake_get_resumed (self))
    md_bus_terminal1_call_resume_intake (proxy, session, _md_intake_get_resumed (self), cancellable,
                                         callback, user_data);
  else if (self->replaces)
    md_bus_terminal1_call_take_up_intake (proxy, session, md_intake_row_get_intake (self->replaces),
                                          cancellable, callback, user_data);
  else
    md_bus_terminal1_call_reserve_intake (proxy, session, md_form_get_id (form), cancellable,
                                          callback, user_data);
}

MdReservation *
_md_reservation_get (MdIntake *self, MdBusTerminal1 *proxy, GAsyncResult *result, GError **error)
{
  g_autoptr (GVariant) dict = NULL;
  gboolean reserved;

  if (_md_intake_get_resumed (self))
    reserved = md_bus_terminal1_call_resume_intake_finish (proxy, &dict, result, error);
  else if (self->replaces)
    reserved = md_bus_terminal1_call_take_up_intake_finish (proxy, &dict, result, error);
  else
    reserved = md_bus_terminal1_call_reserve_intake_finish (proxy, &dict, result, error);
  return reserved ? _md_reservation_new (dict, error) : NULL;
}
