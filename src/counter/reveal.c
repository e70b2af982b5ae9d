// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "reveal.h"

#include "hold-button.h"

#include <glib/gi18n.h>

struct _CounterReveal
{
  GtkWindow *view; /* NULL: it is gone, and this goes with the last who asked */
  MdDesk *desk;
  const CounterRevealActs *acts;
  gpointer data;
  CounterHoldButton *hold;
  char *reason;
  GCancellable *asking;
  guint time_over;
};

typedef struct
{
  GtkWindow *view; /* keeps what is asked for it */
  GCancellable *asking;
} Asked;

static void
asked_free (Asked *asked)
{
  g_object_unref (asked->asking);
  g_object_unref (asked->view);
  g_free (asked);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Asked, asked_free)

static void
reveal_free (gpointer data)
{
  CounterReveal *self = data;

  g_object_unref (self->desk);
  g_free (self->reason);
  g_free (self);
}

/* What was asked for before is late. */
static void
stop (CounterReveal *self)
{
  if (self->asking != NULL)
    g_cancellable_cancel (self->asking);
  g_clear_object (&self->asking);
  g_clear_handle_id (&self->time_over, g_source_remove);
}

static guint
seconds_of (CounterReveal *self)
{
  return md_policy_get_limits (md_desk_get_policy (self->desk))->reveal_s;
}

/* What stands where it will be. */
static void
cover (CounterReveal *self)
{
  const guint seconds = seconds_of (self);
  g_autofree char *recorded = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE,
                   "Who looked and why is recorded. It is hidden again after %u second.",
                   "Who looked and why is recorded. It is hidden again after %u seconds.", seconds),
      seconds);
  g_autofree char *text = g_strdup_printf (
      "%s\n\n%s", self->reason != NULL ? _ (self->acts->promise) : _ ("Choose a reason first."),
      recorded);

  self->acts->cover (self->data, text);
}

static gboolean
time_over_cb (gpointer data)
{
  CounterReveal *self = data;

  self->time_over = 0;
  counter_hold_button_let_go (self->hold);
  self->acts->cover (self->data, _ ("The time is over. To go on looking, let the button go and "
                                    "hold it down once more."));
  return G_SOURCE_REMOVE;
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Asked) asked = data;
  g_autoptr (GError) error = NULL;
  CounterReveal *self = g_object_get_data (G_OBJECT (asked->view), "reveal");
  const gboolean permitted = self->acts->answer (self->data, result, &error);

  if (self->view == NULL || g_cancellable_is_cancelled (asked->asking))
    return;
  if (permitted)
    {
      self->time_over = g_timeout_add_seconds (seconds_of (self), time_over_cb, self);
      self->acts->show (self->data);
    }
  else if (error != NULL)
    self->acts->cover (self->data, error->message);
}

static void
held_cb (CounterReveal *self)
{
  Asked *asked;

  if (self->view == NULL)
    return;
  stop (self);
  cover (self);
  if (!counter_hold_button_get_held (self->hold))
    return;
  self->asking = g_cancellable_new ();
  asked = g_new0 (Asked, 1);
  asked->view = g_object_ref (self->view);
  asked->asking = g_object_ref (self->asking);
  self->acts->ask (self->data, self->reason, self->asking, answered_cb, asked);
}

void
counter_reveal_hide (CounterReveal *self)
{
  counter_hold_button_let_go (self->hold);
  stop (self);
  cover (self);
}

static void
reason_cb (GtkCheckButton *choice, CounterReveal *self)
{
  if (!gtk_check_button_get_active (choice))
    return;
  g_free (self->reason);
  self->reason = g_strdup (g_object_get_data (G_OBJECT (choice), "code"));
  gtk_widget_set_sensitive (GTK_WIDGET (self->hold), TRUE);
  counter_reveal_hide (self);
}

GtkWidget *
counter_reveal_make_reasons (CounterReveal *self)
{
  GListModel *reasons = md_desk_get_reveal_reasons (self->desk);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  GtkWidget *question = gtk_label_new (_ (self->acts->question));
  GtkWidget *first = NULL;

  gtk_label_set_xalign (GTK_LABEL (question), 0);
  gtk_label_set_wrap (GTK_LABEL (question), TRUE);
  gtk_box_append (GTK_BOX (box), question);
  for (guint i = 0; i < g_list_model_get_n_items (reasons); i++)
    {
      g_autoptr (MdReason) reason = g_list_model_get_item (reasons, i);
      GtkWidget *choice = gtk_check_button_new_with_label (md_reason_get_label (reason));

      g_object_set_data_full (G_OBJECT (choice), "code", g_strdup (md_reason_get_code (reason)),
                              g_free);
      if (first != NULL)
        gtk_check_button_set_group (GTK_CHECK_BUTTON (choice), GTK_CHECK_BUTTON (first));
      else
        first = choice;
      g_signal_connect (choice, "toggled", G_CALLBACK (reason_cb), self);
      gtk_box_append (GTK_BOX (box), choice);
    }
  return box;
}

GtkWidget *
counter_reveal_make_button (CounterReveal *self)
{
  GtkWidget *hold = counter_hold_button_new (_ ("Hold down to show"));

  self->hold = COUNTER_HOLD_BUTTON (hold);
  gtk_widget_add_css_class (hold, "plain");
  gtk_widget_set_sensitive (hold, FALSE);
  g_signal_connect_swapped (hold, "notify::held", G_CALLBACK (held_cb), self);
  return hold;
}

/* Whoever turns to another window has let it go. */
static void
active_cb (CounterReveal *self)
{
  if (self->view != NULL && !gtk_window_is_active (self->view))
    counter_hold_button_let_go (self->hold);
}

static void
destroyed_cb (CounterReveal *self)
{
  stop (self);
  self->view = NULL;
}

CounterReveal *
counter_reveal_new (GtkWindow *view, MdDesk *desk, const CounterRevealActs *acts, gpointer data)
{
  CounterReveal *self = g_new0 (CounterReveal, 1);

  self->view = view;
  self->desk = g_object_ref (desk);
  self->acts = acts;
  self->data = data;
  g_object_set_data_full (G_OBJECT (view), "reveal", self, reveal_free);
  g_signal_connect_swapped (view, "notify::is-active", G_CALLBACK (active_cb), self);
  g_signal_connect_swapped (view, "destroy", G_CALLBACK (destroyed_cb), self);
  return self;
}
