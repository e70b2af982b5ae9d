// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "approval-page.h"

#include "compare-list.h"
#include "look-list.h"
#include "stack.h"
#include "staff-pin.h"
#include "state-chip.h"

struct _CounterApprovalPage
{
  CounterPage parent_instance;

  GtkStack *stages;
  GtkStack *left;
  GtkWidget *decide_box;
  GtkWidget *reason_box;
  GtkWidget *picture;
  GtkWidget *pad;
  CounterCompareList *compare_list;
  GtkWidget *item_head;
  GtkWidget *result_head;
  GtkWidget *scans_box;
};

G_DEFINE_FINAL_TYPE (CounterApprovalPage, counter_approval_page, COUNTER_TYPE_PAGE)

static void
pin_cb (CounterApprovalPage *self)
{
  g_autoptr (MdSecret) pin = counter_staff_pin_take (COUNTER_STAFF_PIN (self->pad));

  counter_model_give_secret (counter_page_get_model (COUNTER_PAGE (self)), "staff-pin", pin);
}

static void
pin_done_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  counter_staff_pin_finish (COUNTER_STAFF_PIN (COUNTER_APPROVAL_PAGE (widget)->pad));
}

/* A decision other than approval needs its reason before the PIN counts. */
static void
ready_cb (CounterApprovalPage *self)
{
  CounterModel *model = counter_page_get_model (COUNTER_PAGE (self));
  const char *decision = model != NULL ? counter_model_text (model, "decision") : "";
  gboolean ready = counter_staff_pin_is_ready (COUNTER_STAFF_PIN (self->pad));

  if (model != NULL && g_strcmp0 (counter_model_text (model, "stage"), "open") == 0)
    ready = ready && *decision != '\0'
            && (g_strcmp0 (decision, "approve") == 0
                || *counter_model_text (model, "reason") != '\0');
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.pin-done", ready);
}

static gboolean
is_focus_in (GtkWidget *part)
{
  GtkRoot *root = gtk_widget_get_root (part);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  return focus != NULL && gtk_widget_is_ancestor (focus, part);
}

static void
show (CounterApprovalPage *self)
{
  CounterModel *model = counter_page_get_model (COUNTER_PAGE (self));
  const char *stage = counter_model_text (model, "stage");
  const char *decision = counter_model_text (model, "decision");
  gboolean open = g_strcmp0 (stage, "open") == 0;
  gboolean list = *stage == '\0' || g_strcmp0 (stage, "list") == 0;

  counter_stack_show (self->stages, list ? "list" : "one");
  counter_stack_show (self->left, open ? "compare" : "sentence");
  gtk_widget_set_visible (self->decide_box, open);
  gtk_widget_set_visible (self->reason_box,
                          open && *decision != '\0' && g_strcmp0 (decision, "approve") != 0);
  counter_state_style (self->picture, counter_model_text (model, "state"));
  ready_cb (self);
  if (!open || *decision != '\0' || !gtk_widget_get_mapped (self->decide_box))
    return;
  if (!counter_model_flag (model, "cannot-approve"))
    gtk_widget_child_focus (self->decide_box, GTK_DIR_TAB_FORWARD);
  else if (!is_focus_in (GTK_WIDGET (self->compare_list)))
    gtk_widget_child_focus (GTK_WIDGET (self->compare_list), GTK_DIR_TAB_FORWARD);
}

static void
scans_cb (CounterApprovalPage *self)
{
  GListModel *scans = counter_model_object (counter_page_get_model (COUNTER_PAGE (self)), "scans");

  gtk_widget_set_visible (self->scans_box, scans != NULL && g_list_model_get_n_items (scans) > 0);
}

static void
counter_approval_page_model_set (CounterPage *page)
{
  static const char *const watched[]
      = { "notify::stage", "notify::decision", "notify::reason", "notify::state" };

  for (guint i = 0; i < G_N_ELEMENTS (watched); i++)
    g_signal_connect_object (counter_page_get_model (page), watched[i], G_CALLBACK (show), page,
                             G_CONNECT_SWAPPED);
  g_signal_connect_object (counter_page_get_model (page), "notify::scans", G_CALLBACK (scans_cb),
                           page, G_CONNECT_SWAPPED);
  show (COUNTER_APPROVAL_PAGE (page));
}

static void
counter_approval_page_focus_start (CounterPage *page)
{
  CounterApprovalPage *self = COUNTER_APPROVAL_PAGE (page);

  if (gtk_widget_get_mapped (self->pad))
    gtk_widget_grab_focus (self->pad);
  else
    gtk_widget_child_focus (GTK_WIDGET (self->stages), GTK_DIR_TAB_FORWARD);
}

static void
asked_cb (CounterApprovalPage *self)
{
  gtk_widget_grab_focus (self->pad);
}

static void
counter_approval_page_class_init (CounterApprovalPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  COUNTER_PAGE_CLASS (klass)->model_set = counter_approval_page_model_set;
  COUNTER_PAGE_CLASS (klass)->focus_start = counter_approval_page_focus_start;
  counter_page_class_use (widget_class, "approval-page");
  gtk_widget_class_bind_template_child (widget_class, CounterApprovalPage, stages);
  gtk_widget_class_bind_template_child (widget_class, CounterApprovalPage, left);
  gtk_widget_class_bind_template_child (widget_class, CounterApprovalPage, decide_box);
  gtk_widget_class_bind_template_child (widget_class, CounterApprovalPage, reason_box);
  gtk_widget_class_bind_template_child (widget_class, CounterApprovalPage, picture);
  gtk_widget_class_bind_template_child (widget_class, CounterApprovalPage, pad);
  gtk_widget_class_bind_template_child (widget_class, CounterApprovalPage, compare_list);
  gtk_widget_class_bind_template_child (widget_class, CounterApprovalPage, item_head);
  gtk_widget_class_bind_template_child (widget_class, CounterApprovalPage, result_head);
  gtk_widget_class_bind_template_child (widget_class, CounterApprovalPage, scans_box);
  gtk_widget_class_bind_template_callback (widget_class, pin_cb);
  gtk_widget_class_bind_template_callback (widget_class, ready_cb);
  gtk_widget_class_bind_template_callback (widget_class, asked_cb);
  gtk_widget_class_install_action (widget_class, "page.pin-done", NULL, pin_done_action);
}

static void
counter_approval_page_init (CounterApprovalPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  counter_compare_list_align (self->compare_list, self->item_head, self->result_head);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "page.pin-done", FALSE);
}
