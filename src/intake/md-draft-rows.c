// SPDX-License-Identifier: Apache-2.0
// Rows of the suspended intakes.
#include "config.h"

#include <md-base.h>

#include "md-intake-items-private.h"
#include "md-item-private.h"

enum
{
  ROW_DRAFT,
  ROW_PROCEDURE,
  ROW_TITLE,
  ROW_CLERK_NAME,
  ROW_BEGUN,
  ROW_UNTIL,
  ROW_REPLACES,
  ROW_OWN
};

static const MdItemField row_fields[] = {
  [ROW_DRAFT] = { "draft", MD_ITEM_TEXT },
  [ROW_PROCEDURE] = { "procedure", MD_ITEM_TEXT },
  [ROW_TITLE] = { "procedure-title", MD_ITEM_TEXT },
  [ROW_CLERK_NAME] = { "clerk-name", MD_ITEM_TEXT },
  [ROW_BEGUN] = { "begun", MD_ITEM_TEXT },
  [ROW_UNTIL] = { "kept-until", MD_ITEM_TEXT },
  [ROW_REPLACES] = { "replaces", MD_ITEM_TEXT },
  [ROW_OWN] = { "own", MD_ITEM_FLAG },
};

MD_DEFINE_ITEM (MdDraftRow, md_draft_row, row_fields)

MdDraftRow *
_md_draft_row_new (GVariant *dict, MdCatalogue *catalogue, MdPolicy *policy)
{
  MdDraftRow *self = g_object_new (MD_TYPE_DRAFT_ROW, NULL);
  const char *procedure = _md_words_lookup (dict, "procedure");
  MdForm *form = procedure ? md_catalogue_get_form (catalogue, procedure) : NULL;
  g_autofree char *begun = _md_words_moment (_md_words_lookup (dict, "begun"));
  g_autofree char *until = _md_words_moment (_md_words_lookup (dict, "kept_until"));
  gboolean own = FALSE;
  const char *texts[] = {
    [ROW_DRAFT] = _md_words_lookup (dict, "draft"),
    [ROW_PROCEDURE] = procedure,
    [ROW_TITLE] = form ? md_form_get_title (form) : procedure,
    [ROW_CLERK_NAME] = _md_words_staff_id (policy, _md_words_lookup (dict, "clerk")),
    [ROW_BEGUN] = begun,
    [ROW_UNTIL] = until,
    [ROW_REPLACES] = _md_words_lookup (dict, "replaces"),
  };

  (void)g_variant_lookup (dict, "own", "b", &own);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    _md_item_set_text (self, &self->values, row_fields, i, texts[i]);
  _md_item_set_number (self, &self->values, row_fields, ROW_OWN, own);
  return self;
}

static gboolean
is_same_draft (gpointer row, gpointer fresh)
{
  return g_strcmp0 (md_draft_row_get_draft (row), md_draft_row_get_draft (fresh)) == 0;
}

static void
take_draft (gpointer row, gpointer fresh)
{
  MdDraftRow *self = row, *from = fresh;

  _md_item_copy (self, &self->values, row_fields, G_N_ELEMENTS (row_fields), &from->values);
}

const MdRowKind _md_draft_row_kind = { is_same_draft, take_draft };

const char *
md_draft_row_get_draft (MdDraftRow *self)
{
  return self->values.slots[ROW_DRAFT].text;
}

const char *
md_draft_row_get_procedure (MdDraftRow *self)
{
  return self->values.slots[ROW_PROCEDURE].text;
}

gboolean
md_draft_row_get_own (MdDraftRow *self)
{
  return self->values.slots[ROW_OWN].number != 0;
}
