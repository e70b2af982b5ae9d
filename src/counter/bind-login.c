// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "bind.h"

#include <glib/gi18n.h>

typedef struct
{
  CounterWindow *window;
  CounterModel *model;
  MdDesk *desk;
  MdLogin *login;
} Binding;

/* What each wait looks like. */
static const struct
{
  MdLoginWait wait;
  const char *icon;
  const char *state;
  const char *advice; /* when there is no trouble to say more */
  gboolean waits;     /* its sentence also stands at the foot, with a spinner */
} looks[] = {
  { MD_LOGIN_WAIT_READER, "md-reader-symbolic", "deferred",
    N_ ("Connect the reader for the staff card. It is found by itself."), TRUE },
  { MD_LOGIN_WAIT_CARD, "md-place-card-symbolic", "wait",
    N_ ("Put your own staff card on the reader for the staff."), TRUE },
  { MD_LOGIN_WAIT_READING, "md-reading-card-symbolic", "wait",
    N_ ("The card is being read. Please do not move it."), TRUE },
  { MD_LOGIN_WAIT_PASSWORD, "md-staff-card-symbolic", "wait", N_ ("Leave the card where it is."),
    FALSE },
  { MD_LOGIN_WAIT_CHECKING, "md-reading-card-symbolic", "wait", N_ ("Leave the card where it is."),
    TRUE },
  { MD_LOGIN_WAIT_DONE, "md-done-symbolic", "ok", "", FALSE },
};

/* No reader is for the staff card, but there are readers. */
static const char choice_advice[] = N_ (
    "Connect the reader that was used so far, or choose below which one is for the staff card. "
    "The choice is remembered.");

static char *
join (const char *first, const char *second)
{
  gboolean both = first != NULL && *first != '\0' && second != NULL && *second != '\0';

  return g_strdup_printf ("%s%s%s", first != NULL ? first : "", both ? "\n" : "",
                          second != NULL ? second : "");
}

static void
show_no_service (Binding *self, MdTrouble *trouble)
{
  g_autofree char *advice
      = trouble != NULL
            ? join (md_trouble_get_meaning (trouble), md_trouble_get_action (trouble))
            : g_strdup (_ ("After switching on, wait a minute. If it stays like this, tell the "
                           "system administrator of your section."));

  g_object_set (self->model, "icon", "md-service-symbolic", "state", "deferred", "headline",
                trouble != NULL ? md_trouble_get_title (trouble)
                                : _ ("The terminal's service does not answer"),
                "advice", advice, "detail", trouble != NULL ? md_trouble_get_detail (trouble) : "",
                "waits", _ ("Waiting for the terminal's service; it is tried again by itself."),
                "can-type", FALSE, "error", "", "staff", "", NULL);
}

static void
show_wait (Binding *self, guint look)
{
  MdTrouble *trouble = md_login_get_trouble (self->login);
  const char *sentence = md_login_get_sentence (self->login);
  gboolean password = looks[look].wait == MD_LOGIN_WAIT_PASSWORD;
  gboolean choose = looks[look].wait == MD_LOGIN_WAIT_READER
                    && counter_model_flag (self->model, "wants-reader");
  /* At the password the trouble stands under it; where there are readers, none is "missing". */
  gboolean big = trouble != NULL && !password && !choose;
  g_autofree char *advice
      = big ? join (md_trouble_get_meaning (trouble), md_trouble_get_action (trouble))
            : g_strdup (choose                        ? _ (choice_advice)
                        : *looks[look].advice != '\0' ? _ (looks[look].advice)
                                                      : "");
  g_autofree char *error = trouble != NULL && password ? join (md_trouble_get_title (trouble),
                                                               md_trouble_get_action (trouble))
                                                       : g_strdup ("");
  const char *staff = md_login_get_staff_name (self->login);

  g_object_set (self->model, "icon", big ? "md-stop-symbolic" : looks[look].icon, "state",
                big ? "deferred" : looks[look].state, "headline",
                big ? md_trouble_get_title (trouble) : sentence, "advice", advice, "error", error,
                "detail", trouble != NULL ? md_trouble_get_detail (trouble) : "", "staff",
                staff != NULL ? staff : "", "waits", looks[look].waits ? sentence : "", "can-type",
                password, NULL);
}

/* Why the officer who was at work has to log in again, and that the work is kept. */
static char *
locked_note (Binding *self)
{
  MdDeskState state = md_desk_get_state (self->desk);
  MdTrouble *trouble = md_desk_get_trouble (self->desk);
  const char *officer = md_desk_get_staff_name (self->desk);

  if (officer == NULL || (state != MD_DESK_LOCKED && state != MD_DESK_NO_SERVICE))
    return g_strdup ("");
  if (state == MD_DESK_LOCKED && trouble != NULL)
    return join (md_trouble_get_title (trouble), md_trouble_get_meaning (trouble));
  return g_strdup_printf (_ ("The screen is locked. The work of %s is kept."), officer);
}

static void
show (Binding *self)
{
  MdLoginWait wait = md_login_get_wait (self->login);
  MdDeskState state = md_desk_get_state (self->desk);
  g_autofree char *locked = locked_note (self);

  g_object_set (self->model, "locked-note", locked, NULL);
  if (state == MD_DESK_STARTING)
    g_object_set (self->model, "icon", "md-service-symbolic", "state", "wait", "headline",
                  _ ("Getting ready"), "advice", "", "waits",
                  _ ("Waiting for the terminal's service"), "can-type", FALSE, NULL);
  else if (state == MD_DESK_NO_SERVICE)
    show_no_service (self, md_desk_get_trouble (self->desk));
  else
    for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
      if (looks[i].wait == wait)
        show_wait (self, i);
}

static void
submitted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  /* A failure is also the login's trouble, and show() has it. */
  if (!md_login_submit_finish (MD_LOGIN (source), result, &error))
    g_debug ("login: %s", error->message);
}

static void
secret_cb (CounterModel *model, const char *purpose, MdSecret *secret, Binding *self)
{
  md_login_submit_async (self->login, secret, NULL, submitted_cb, NULL);
}

static void
binding_free (gpointer data)
{
  Binding *self = data;

  g_signal_handlers_disconnect_by_data (self->login, self);
  g_signal_handlers_disconnect_by_data (self->desk, self);
  g_signal_handlers_disconnect_by_data (self->model, self);
  g_object_unref (self->model);
  g_object_unref (self->desk);
  g_free (self);
}

void
counter_bind_login (CounterWindow *window, MdDesk *desk)
{
  Binding *self = g_new0 (Binding, 1);

  self->window = window;
  self->model = g_object_ref (counter_window_get_models (window)->login);
  self->desk = g_object_ref (desk);
  self->login = md_desk_get_login (desk);
  g_object_set_data_full (G_OBJECT (window), "bind-login", self, binding_free);
  g_signal_connect_data (self->login, "notify", G_CALLBACK (show), self, NULL, G_CONNECT_SWAPPED);
  g_signal_connect_data (desk, "notify::state", G_CALLBACK (show), self, NULL, G_CONNECT_SWAPPED);
  g_signal_connect_data (desk, "notify::trouble", G_CALLBACK (show), self, NULL, G_CONNECT_SWAPPED);
  g_signal_connect_data (self->model, "notify::wants-reader", G_CALLBACK (show), self, NULL,
                         G_CONNECT_SWAPPED);
  g_signal_connect_data (self->model, "secret", G_CALLBACK (secret_cb), self, NULL, 0);
  show (self);
}
