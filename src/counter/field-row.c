// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "field-row.h"

#include "card-print.h"
#include "external-mark.h"
#include "field-control.h"
#include "kept-line.h"
#include "stack.h"

#include <glib/gi18n.h>
#include <string.h>

struct _CounterFieldRow
{
  GtkWidget parent_instance;

  MdEntry *entry;
  GtkWidget *row;
  GtkLabel *label;
  GtkLabel *must;
  GtkStack *value; /* control, shown */
  GtkBox *control_box;
  GtkWidget *control;
  GtkLabel *hint;
  GtkLabel *shown;
  GtkWidget *reveal;
  GtkWidget *correct;
  GtkLabel *origin;
  GtkImage *origin_icon;
  GtkWidget *origin_box;
  GtkWidget *restore;
  GtkWidget *reason_box;
  GtkButton *give;
  GtkWidget *leave;
  GtkEntry *reason;
  MdSecret *kept_reason; /* while the field is covered; or NULL */
  GtkLabel *reason_error;
  GtkLabel *error;
  GtkWidget *error_box;
  GtkLabel *warning;
  GtkWidget *warning_box;
  GtkLabel *external;
  GtkWidget *external_box;
  CounterCardPrint *print;
};

G_DEFINE_FINAL_TYPE (CounterFieldRow, counter_field_row, GTK_TYPE_WIDGET)

MdEntry *
counter_field_row_get_entry (CounterFieldRow *self)
{
  return self->entry;
}

static gboolean
is_number (CounterFieldRow *self)
{
  return md_field_get_field_type (md_entry_get_field (self->entry)) == MD_FIELD_MYNUM;
}

void
counter_field_row_focus (CounterFieldRow *self)
{
  GtkWidget *place = self->control != NULL && gtk_widget_get_mapped (self->control)
                         ? self->control
                         : GTK_WIDGET (self);

  if (!gtk_widget_get_focusable (place) || !gtk_widget_grab_focus (place))
    gtk_widget_child_focus (place, GTK_DIR_TAB_FORWARD);
}

/* Can the value be typed just now? A number that is there is shown masked and has to be emptied
 * first. */
static gboolean
is_open (CounterFieldRow *self)
{
  if (md_entry_get_view (self->entry) != MD_VIEW_EDITABLE
      && !(is_number (self) && !md_entry_get_filled (self->entry)))
    return FALSE;
  return !md_entry_get_locked (self->entry)
         && !(is_number (self) && md_entry_get_filled (self->entry));
}

static void
show_origin (CounterFieldRow *self)
{
  const gboolean carried = md_entry_get_carried (self->entry);
  g_autofree char *was = NULL, *earlier = NULL;
  g_autofree char *text = NULL;

  g_object_get (self->entry, "card-display", &was, "earlier-display", &earlier, NULL);
  if (md_entry_get_corrected (self->entry))
    text = was != NULL ? g_strdup_printf (_ ("Corrected. The card says: %s"), was)
                       : g_strdup (_ ("Corrected by the clerk"));
  else if (md_entry_get_locked (self->entry) && md_entry_get_source (self->entry) == MD_SOURCE_CARD)
    text = g_strdup (_ ("From the card"));
  else if (md_entry_get_locked (self->entry)
           && md_entry_get_source (self->entry) == MD_SOURCE_OFFICE)
    text = g_strdup (_ ("From the back office"));
  else if (carried)
    text = g_strdup (_ ("From the application before (may be changed)"));
  else if (earlier != NULL)
    text = g_strdup_printf (_ ("Changed. The application before said: %s"), earlier);
  gtk_label_set_text (self->origin, text != NULL ? text : "");
  gtk_image_set_from_icon_name (self->origin_icon, carried || earlier != NULL
                                                       ? "edit-copy-symbolic"
                                                       : "auth-smartcard-symbolic");
  gtk_widget_set_visible (self->restore, was != NULL && md_entry_get_corrected (self->entry));
  gtk_widget_set_visible (self->origin_box, text != NULL);
}

/* Typed before the card came, and the card says otherwise: the reason is asked for at once. */
static void
show_reason_box (CounterFieldRow *self)
{
  gboolean disputed = md_entry_get_corrected (self->entry) && !is_number (self)
                      && !md_entry_has_reason (self->entry);

  gtk_button_set_label (self->give, disputed ? _ ("Record the reason") : _ ("Unlock the field"));
  gtk_widget_set_visible (self->leave, !disputed);
  if (disputed)
    gtk_widget_set_visible (self->reason_box, TRUE);
  else if (!md_entry_get_locked (self->entry))
    gtk_widget_set_visible (self->reason_box, FALSE);
  if (!gtk_widget_get_visible (self->reason_box))
    counter_kept_line_empty (self->reason, &self->kept_reason);
  else if (md_entry_get_view (self->entry) < MD_VIEW_MASKED)
    counter_kept_line_put_away (self->reason, &self->kept_reason);
  else
    counter_kept_line_put_back (self->reason, &self->kept_reason);
}

/* 外字: marked, and left as they are. */
static void
show_external (CounterFieldRow *self, const char *display)
{
  char *names = md_entry_dup_external (self->entry);
  char *mark
      = counter_external_mark (GTK_WIDGET (self->shown), names, is_number (self) ? NULL : display);
  GdkPaintable *print = NULL;

  g_object_get (self->print, "paintable", &print, NULL);
  gtk_label_set_text (self->external, mark);
  gtk_widget_set_visible (self->external_box, *mark != '\0');
  gtk_widget_set_visible (GTK_WIDGET (self->print), print != NULL && *mark != '\0');
  g_clear_object (&print);
  md_wipe_free_text (mark);
  md_wipe_free_text (names);
}

static void
show (CounterFieldRow *self)
{
  const char *error = md_entry_get_error (self->entry);
  const char *warning = md_entry_get_warning (self->entry);
  const char *display = md_entry_get_display (self->entry);
  gboolean open = is_open (self), may_reveal, typed;
  gboolean locked_card
      = md_entry_get_locked (self->entry) && md_entry_get_source (self->entry) == MD_SOURCE_CARD;

  gtk_widget_set_visible (GTK_WIDGET (self), md_entry_get_visible (self->entry));
  gtk_widget_set_visible (GTK_WIDGET (self->must), md_entry_get_required (self->entry)
                                                       && !md_entry_get_filled (self->entry));
  counter_stack_show (self->value, open ? "control" : "shown");
  gtk_label_set_text (self->shown, display != NULL ? display : "―");
  g_object_get (self->entry, "may-reveal", &may_reveal, NULL);
  typed = md_entry_get_source (self->entry) == MD_SOURCE_TYPED;
  gtk_widget_set_visible (self->reveal, may_reveal);
  gtk_widget_set_visible (self->correct, locked_card || (is_number (self) && !open)
                                             || (may_reveal && typed && !open));
  show_origin (self);
  show_reason_box (self);
  gtk_label_set_text (self->error, error != NULL ? error : "");
  gtk_widget_set_visible (self->error_box, error != NULL);
  gtk_label_set_text (self->warning, warning != NULL ? warning : "");
  gtk_widget_set_visible (self->warning_box, warning != NULL && error == NULL);
  show_external (self, display);
  if (error != NULL)
    gtk_widget_add_css_class (self->row, "bad");
  else
    gtk_widget_remove_css_class (self->row, "bad");
  if (self->control != NULL)
    gtk_accessible_update_state (
        GTK_ACCESSIBLE (self->control), GTK_ACCESSIBLE_STATE_INVALID,
        error != NULL ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}

void
counter_field_row_set_print (CounterFieldRow *self, GdkPaintable *print)
{
  g_autofree char *label = g_strdup_printf (_ ("As printed on the card: %s"),
                                            md_field_get_label (md_entry_get_field (self->entry)));

  g_object_set (self->print, "paintable", print, "label", label, NULL);
  show (self);
}

/* --- the open correction of what the card said --- */

static void
correct_cb (CounterFieldRow *self)
{
  if (!md_entry_get_locked (self->entry))
    {
      md_entry_clear (self->entry);
      counter_field_row_focus (self);
      return;
    }
  gtk_label_set_text (self->reason_error, "");
  gtk_widget_set_visible (self->reason_box, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->reason));
}

static void
reason_given_cb (CounterFieldRow *self)
{
  g_autoptr (GError) error = NULL;
  const char *reason = gtk_editable_get_text (GTK_EDITABLE (self->reason));

  if (!md_entry_unlock (self->entry, reason, &error))
    {
      gtk_label_set_text (self->reason_error, error->message);
      gtk_widget_grab_focus (GTK_WIDGET (self->reason));
      return;
    }
  show (self);
  counter_field_row_focus (self);
}

static void
drop_reason (CounterFieldRow *self)
{
  gtk_widget_set_visible (self->reason_box, FALSE);
  counter_kept_line_empty (self->reason, &self->kept_reason);
}

static void
restore_cb (CounterFieldRow *self)
{
  if (!md_entry_restore_card (self->entry))
    return;
  drop_reason (self);
  counter_field_row_focus (self);
}

static void
reason_dropped_cb (CounterFieldRow *self)
{
  drop_reason (self);
  gtk_widget_grab_focus (self->correct);
}

/* --- making it --- */

static void
counter_field_row_dispose (GObject *object)
{
  CounterFieldRow *self = COUNTER_FIELD_ROW (object);

  self->control = NULL;
  g_clear_pointer (&self->kept_reason, md_secret_unref);
  gtk_widget_dispose_template (GTK_WIDGET (self), COUNTER_TYPE_FIELD_ROW);
  g_clear_object (&self->entry);
  G_OBJECT_CLASS (counter_field_row_parent_class)->dispose (object);
}

static void
counter_field_row_class_init (CounterFieldRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = counter_field_row_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/madoguchi/Madoguchi/ui/field-row.ui");
  gtk_widget_class_bind_template_child (widget_class, CounterFieldRow, row);
  gtk_widget_class_bind_template_child (widget_class, CounterFieldRow, label);
  gtk_widget_class_bind_template_child (widget_class, CounterFieldRow, must);
  gtk_widget_class_bind_template_child (widget_class, CounterFieldRow, value);
  gtk_widget_class_bind_template_child (widget_class, CounterFieldRow, control_box);
  gtk_widget_class_bind_template_child (widget_class, CounterFieldRow, hint);
  gtk_widget_class_bind_template_child (widget_class, CounterFieldRow, shown);
  gtk_widget_class_bind_template_child (widget_class, CounterFieldRow, reveal);
  gtk_widget_class_bind_template_child (widget_class, CounterFieldRow, correct);
  gtk_widget_class_bind_template_child (widget_class, CounterFieldRow, origin);
  gtk_widget_class_bind_template_child (widget_class, CounterFieldRow, origin_icon);
  gtk_widget_class_bind_template_child (widget_class, CounterFieldRow, origin_box);
  gtk_widget_class_bind_template_child (widget_class, CounterFieldRow, restore);
  gtk_widget_class_bind_template_child (widget_class, CounterFieldRow, reason_box);
  gtk_widget_class_bind_template_child (widget_class, CounterFieldRow, give);
  gtk_widget_class_bind_template_child (widget_class, CounterFieldRow, leave);
  gtk_widget_class_bind_template_child (widget_class, CounterFieldRow, reason);
  gtk_widget_class_bind_template_child (widget_class, CounterFieldRow, reason_error);
  gtk_widget_class_bind_template_child (widget_class, CounterFieldRow, error);
  gtk_widget_class_bind_template_child (widget_class, CounterFieldRow, error_box);
  gtk_widget_class_bind_template_child (widget_class, CounterFieldRow, warning);
  gtk_widget_class_bind_template_child (widget_class, CounterFieldRow, warning_box);
  gtk_widget_class_bind_template_child (widget_class, CounterFieldRow, external);
  gtk_widget_class_bind_template_child (widget_class, CounterFieldRow, external_box);
  gtk_widget_class_bind_template_child (widget_class, CounterFieldRow, print);
  gtk_widget_class_bind_template_callback (widget_class, correct_cb);
  gtk_widget_class_bind_template_callback (widget_class, restore_cb);
  gtk_widget_class_bind_template_callback (widget_class, reason_given_cb);
  gtk_widget_class_bind_template_callback (widget_class, reason_dropped_cb);
}

static void
counter_field_row_init (CounterFieldRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  counter_kept_line_init (self->reason);
}

/* A line has its hint inside, until something is typed; nothing else has a place for it. */
static void
show_hint (CounterFieldRow *self)
{
  const char *hint = md_field_get_hint (md_entry_get_field (self->entry));

  if (hint == NULL || GTK_IS_ENTRY (self->control))
    return;
  gtk_label_set_text (self->hint, hint);
  gtk_widget_set_visible (GTK_WIDGET (self->hint), TRUE);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self->control),
                                  GTK_ACCESSIBLE_RELATION_DESCRIBED_BY, self->hint, NULL, -1);
}

GtkWidget *
counter_field_row_new (MdEntry *entry)
{
  CounterFieldRow *self = g_object_new (COUNTER_TYPE_FIELD_ROW, NULL);
  const char *label = md_entry_get_label (entry);
  g_autofree char *reveal = g_strdup_printf (_ ("Show: %s"), label);
  g_autofree char *correct = g_strdup_printf (_ ("Correct: %s"), label);
  g_autofree char *restore = g_strdup_printf (_ ("Take the card's value: %s"), label);

  self->entry = g_object_ref (entry);
  /* The row's own name stands above it. */
  gtk_label_set_text (self->label, md_field_get_label (md_entry_get_field (entry)));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->reveal), "s", md_entry_get_id (entry));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->reveal), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  reveal, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->correct), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  correct, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->restore), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  restore, -1);
  self->control = counter_field_control_new (entry);
  gtk_widget_set_hexpand (self->control, gtk_widget_get_halign (self->control) == GTK_ALIGN_FILL);
  gtk_box_prepend (self->control_box, self->control);
  show_hint (self);
  g_signal_connect_object (entry, "notify", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
  show (self);
  return GTK_WIDGET (self);
}
