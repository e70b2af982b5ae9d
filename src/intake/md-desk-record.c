// SPDX-License-Identifier: Apache-2.0
// What a desk tells the audit log: what happens at the screen, and what fails there.
#include "config.h"

#include <glib/gi18n.h>

#include <md-seal.h>

#include "md-desk-private.h"

static void
add_text (GVariantBuilder *builder, const char *key, const char *value)
{
  g_variant_builder_add (builder, "{sv}", key, g_variant_new_string (value ? value : ""));
}

static void
record_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (md_bus_terminal1_call_record_event_finish (MD_BUS_TERMINAL1 (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
_md_desk_record_async (MdDesk *self, const MdScreenEvent *event, GAsyncReadyCallback callback,
                       gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);
  GVariantBuilder builder;

  g_task_set_source_tag (task, _md_desk_record_async);
  if (!self->session || !self->proxy)
    {
      g_task_return_new_error (task, MD_INTAKE_ERROR, MD_INTAKE_ERROR_UNAVAILABLE, "%s",
                               _ ("Nobody is logged in. Log in again."));
      g_object_unref (task);
      return;
    }
  g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
  add_text (&builder, "event", event->event);
  add_text (&builder, "outcome", event->outcome);
  add_text (&builder, "object", event->object);
  add_text (&builder, "reason", event->reason);
  add_text (&builder, "detail", event->detail);
  if (event->subject)
    g_variant_builder_add (
        &builder, "{sv}", "subject",
        g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, event->subject, TRUE));
  md_bus_terminal1_call_record_event (self->proxy, self->session, g_variant_builder_end (&builder),
                                      NULL, record_cb, task);
}

gboolean
_md_desk_record_finish (MdDesk *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* One word for the log; NULL for what is no failure, and for what the service refused: it has its
 * own record of that. */
static const char *
name_cause (const GError *error)
{
  static const struct
  {
    MdIntakeError code;
    const char *word;
  } words[] = {
    { MD_INTAKE_ERROR_FOREIGN_CARD, "foreign-card" },
    { MD_INTAKE_ERROR_REFUSED, "rule" },
    { MD_INTAKE_ERROR_DAMAGED, "damaged" },
  };

  if (error->domain == MD_CARD_ERROR)
    return md_card_error_nick ((MdCardError)error->code);
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_error_matches (error, MD_INTAKE_ERROR, (gint)words[i].code))
      return words[i].word;
  if (error->domain == MD_SEAL_ERROR)
    return "seal";
  if (error->domain == MD_PKI_ERROR)
    return "certificate";
  if (error->domain == MD_POLICY_ERROR)
    return "policy";
  return error->domain == MD_FORMS_ERROR ? "form" : NULL;
}

static const char *
name_event (const GError *error)
{
  if (error->domain == MD_CARD_ERROR
      || g_error_matches (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_FOREIGN_CARD))
    return "staff-card";
  return g_error_matches (error, MD_INTAKE_ERROR, MD_INTAKE_ERROR_REFUSED) ? "refusal" : "error";
}

void
_md_desk_record_failure (MdDesk *self, const char *action, const char *intake, const GError *error)
{
  const char *cause = name_cause (error);
  g_autofree char *detail = g_strdup_printf ("action=%s cause=%s", action, cause ? cause : "");
  const char *name = name_event (error);
  MdScreenEvent event = { .event = name,
                          .outcome = g_str_equal (name, "refusal") ? "refused" : "failed",
                          .object = intake,
                          .detail = detail };

  if (cause && self->session)
    _md_desk_record_async (self, &event, NULL, NULL);
}

/* --- mishaps --- */

/* More than this of one absence says nothing new. */
#define UNSAID_MAX 32

typedef struct
{
  GWeakRef desk;
  char *event, *cause;
} Mishap;

static void
mishap_free (Mishap *mishap)
{
  g_weak_ref_clear (&mishap->desk);
  g_free (mishap->event);
  g_free (mishap->cause);
  g_free (mishap);
}

/* The service went before it heard: kept for the one that comes. What it refuses has a record of
 * its own there. */
static void
mishap_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Mishap *mishap = data;
  g_autoptr (MdDesk) self = g_weak_ref_get (&mishap->desk);
  g_autoptr (GError) error = NULL;

  if (!md_bus_terminal1_call_record_mishap_finish (MD_BUS_TERMINAL1 (source), result, &error)
      && self && md_bus_error_is_absent (error) && self->unsaid.length < UNSAID_MAX)
    g_queue_push_tail (&self->unsaid, mishap);
  else
    mishap_free (mishap);
}

static void
tell (MdDesk *self, Mishap *mishap)
{
  md_bus_terminal1_call_record_mishap (self->proxy, mishap->event, mishap->cause, NULL, mishap_cb,
                                       mishap);
}

void
_md_desk_record_mishap (MdDesk *self, const char *event, const char *cause)
{
  Mishap *mishap;

  if (!self->proxy)
    return;
  mishap = g_new0 (Mishap, 1);
  g_weak_ref_init (&mishap->desk, self);
  mishap->event = g_strdup (event);
  mishap->cause = g_strdup (cause);
  tell (self, mishap);
}

void
_md_desk_record_unsaid (MdDesk *self)
{
  GQueue unsaid = self->unsaid;

  g_queue_init (&self->unsaid);
  for (Mishap *mishap = g_queue_pop_head (&unsaid); mishap; mishap = g_queue_pop_head (&unsaid))
    tell (self, mishap);
}

void
_md_desk_forget_unsaid (MdDesk *self)
{
  g_queue_clear_full (&self->unsaid, (GDestroyNotify)mishap_free);
}

void
_md_desk_record_login_card (MdDesk *self, const GError *error)
{
  _md_desk_record_mishap (self, "staff-card", md_card_error_nick ((MdCardError)error->code));
}

void
md_desk_record_left (MdDesk *self, const char *cause)
{
  g_return_if_fail (MD_IS_DESK (self));

  _md_desk_record_mishap (self, "left", cause);
}

void
md_desk_record_print (MdDesk *self, const char *what, const char *intake, guint sheets)
{
  g_autofree char *detail = g_strdup_printf ("what=%s sheets=%u", what, sheets);
  MdScreenEvent event = { .event = "print", .outcome = "done", .object = intake, .detail = detail };

  g_return_if_fail (MD_IS_DESK (self));

  _md_desk_record_async (self, &event, NULL, NULL);
}
