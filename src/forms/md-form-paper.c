// SPDX-License-Identifier: Apache-2.0
// What of an application the applicant gets to see: on paper, and on a screen turned to them.
#include "config.h"

#include <md-base.h>

#include "md-declaration.h"
#include "md-form-data-private.h"
#include "md-form-eyes.h"
#include "md-form-paper.h"

void
md_form_line_free (MdFormLine *line)
{
  if (!line)
    return;
  g_free (line->heading);
  g_free (line->label);
  md_filter_wipe (line->value);
  g_free (line);
}

/* Asked of the filter as of STEP, whatever is shown on the screen just now. */
static char *
render_at (MdEntry *entry, MdFilterStep step)
{
  MdFilterQuestion question = _md_entry_question (entry);
  const char *whole = entry->secret ? md_secret_get_text (entry->secret) : entry->value;

  question.step = step;
  question.revealed = FALSE;
  if (!entry->applies || !whole)
    return NULL;
  return _md_entry_render (entry, md_filter (&question), whole);
}

/* The answer to a declaration with the text below it, which is what the person signs. Takes the
 * answer. */
static char *
add_text (MdEntry *entry, char *answer)
{
  const char *text = md_entry_get_declaration (entry);
  char *both = answer && text ? g_strconcat (answer, "\n", text, NULL) : NULL;

  if (!both)
    return answer;
  md_filter_wipe (answer);
  return both;
}

static void
list_section (GPtrArray *lines, MdFormSection *section, MdFilterStep step)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (section)); i++)
    {
      g_autoptr (MdEntry) entry = g_list_model_get_item (G_LIST_MODEL (section), i);
      char *value = add_text (entry, render_at (entry, step));
      MdFormLine *line;

      if (!value)
        continue;
      line = g_new0 (MdFormLine, 1);
      line->heading = g_strdup (md_form_section_get_title (section));
      line->label = g_strdup (md_entry_get_label (entry));
      line->value = value;
      g_ptr_array_add (lines, line);
    }
}

static GPtrArray *
list_at (MdFormData *self, MdFilterStep step)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func ((GDestroyNotify)md_form_line_free);
  GListModel *sections = md_form_data_get_sections (self);

  for (guint i = 0; !self->covered && i < g_list_model_get_n_items (sections); i++)
    {
      g_autoptr (MdFormSection) section = g_list_model_get_item (sections, i);

      list_section (lines, section, step);
    }
  return lines;
}

GPtrArray *
md_form_data_list_printed (MdFormData *self)
{
  return list_at (self, MD_STEP_PRINT);
}

GPtrArray *
md_form_data_list_for_resident (MdFormData *self)
{
  return list_at (self, MD_STEP_RESIDENT);
}

char *
md_form_data_dup_printed (MdFormData *self, const char *field_id)
{
  MdEntry *entry = self->covered ? NULL : md_form_data_get_entry (self, field_id);

  return entry ? render_at (entry, MD_STEP_PRINT) : NULL;
}

/* The name of a paper stands on paper as the label of a field does: unless what is of its class is
 * hidden from these eyes, for it tells something of the person. It tells no number, so where one
 * may stand on it that is no reason. */
static gboolean
may_be_named (MdFormData *self, MdAttachment *paper)
{
  const MdFormEyes eyes = { .viewer = self->viewer, .step = MD_STEP_PRINT };
  const MdSensitivity class = _md_attachment_get_paper (paper)->sensitivity;

  return md_form_look_at_class (self->form, &eyes,
                                class == MD_CLASS_MY_NUMBER ? MD_CLASS_OTHER : class)
         > MD_VIEW_HIDDEN;
}

char **
md_form_data_list_papers (MdFormData *self, gboolean handed_in)
{
  GListModel *papers = md_form_data_get_attachments (self);
  g_autoptr (GStrvBuilder) labels = g_strv_builder_new ();

  for (guint i = 0; i < g_list_model_get_n_items (papers); i++)
    {
      g_autoptr (MdAttachment) paper = g_list_model_get_item (papers, i);
      g_autofree char *label = NULL;

      if (!md_attachment_get_due (paper) || md_attachment_get_handed_in (paper) != handed_in
          || !may_be_named (self, paper))
        continue;
      g_object_get (paper, "label", &label, NULL);
      g_strv_builder_add (labels, label);
    }
  return g_strv_builder_end (labels);
}
