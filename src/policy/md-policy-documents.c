// SPDX-License-Identifier: Apache-2.0
// Identification without the card's key: which documents the office accepts, and what each way of
// identifying a person is worth.
#include "config.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

#include <md-base.h>

#include "md-policy-documents.h"
#include "md-policy-private.h"

/* Weakest first, as the enum. The levels are ours: the government's guideline on identity proofing
 * tells a card's key from what a clerk compares, and so do these. */
static const struct
{
  const char *id, *label;
} assurances[] = {
  [MD_ASSURANCE_NONE] = { MD_METHOD_NONE, N_ ("No identification needed") },
  [MD_ASSURANCE_POSTED_COPIES] = { MD_METHOD_POSTED_COPIES, N_ ("Copies by post compared") },
  [MD_ASSURANCE_TWO_DOCUMENTS] = { "two-documents", N_ ("Two documents compared") },
  [MD_ASSURANCE_PHOTO_DOCUMENT] = { "photo-document", N_ ("Photo document compared") },
  [MD_ASSURANCE_CARD_FACE] = { "card-face", N_ ("Card's face compared") },
  [MD_ASSURANCE_CARD_KEY] = { "card-key", N_ ("Card and PIN") },
};

static const struct
{
  const char *method;
  MdAssurance assurance;
} methods[] = {
  { "jpki-auth", MD_ASSURANCE_CARD_KEY },
  { "jpki-sign", MD_ASSURANCE_CARD_KEY }, /* a signature, not a surer identity: the key of the same
                                             card, opened by another secret */
  { "card-face", MD_ASSURANCE_CARD_FACE },
  { "photo-document", MD_ASSURANCE_PHOTO_DOCUMENT },
  { "notice-card",
    MD_ASSURANCE_PHOTO_DOCUMENT }, /* it shows the number; the photo is the other's */
  { "two-documents", MD_ASSURANCE_TWO_DOCUMENTS },
  { MD_METHOD_POSTED_COPIES, MD_ASSURANCE_POSTED_COPIES },
  { MD_METHOD_NONE, MD_ASSURANCE_NONE },
};

const char *
md_assurance_to_id (MdAssurance assurance)
{
  g_return_val_if_fail (assurance < MD_N_ASSURANCES, NULL);
  return assurances[assurance].id;
}

gboolean
md_assurance_from_id (const char *id, MdAssurance *out_assurance)
{
  const int row = MD_TABLE_ROW (assurances, id);

  if (row >= 0)
    *out_assurance = (MdAssurance)row;
  return row >= 0;
}

const char *
md_assurance_get_label (MdAssurance assurance)
{
  g_return_val_if_fail (assurance < MD_N_ASSURANCES, NULL);
  return _ (assurances[assurance].label);
}

gboolean
md_method_get_assurance (const char *method, MdAssurance *out_assurance)
{
  const int row = MD_TABLE_ROW (methods, method);

  if (row >= 0)
    *out_assurance = methods[row].assurance;
  return row >= 0;
}

/* What comes by post is below any minimum: it is listed, or it is not. Where nobody is identified
 * the minimum says the same, and where it does, nothing else will do: what is content without
 * anybody asks nobody for a card. */
static gboolean
reaches (const char *method, MdAssurance reached, const MdPolicyProcedure *rules)
{
  if (reached == MD_ASSURANCE_NONE || rules->assurance == MD_ASSURANCE_NONE)
    return reached == rules->assurance;
  return g_str_equal (method, MD_METHOD_POSTED_COPIES) || reached >= rules->assurance;
}

gboolean
md_policy_method_suffices (MdPolicy *self, const char *procedure, const char *method,
                           const char *assurance)
{
  const MdPolicyProcedure *rules = md_policy_get_procedure (self, procedure);
  MdAssurance reached;

  return rules != NULL && md_policy_may_identify (self, procedure, method)
         && md_method_get_assurance (method, &reached) && reaches (method, reached, rules)
         && (assurance == NULL || g_strcmp0 (assurance, md_assurance_to_id (reached)) == 0);
}

gboolean
md_policy_waives_identification (MdPolicy *self, const char *procedure)
{
  return md_policy_method_suffices (self, procedure, MD_METHOD_NONE, NULL);
}

const GPtrArray *
md_policy_get_documents (MdPolicy *self)
{
  return self->documents;
}

const MdPolicyDocument *
md_policy_get_document (MdPolicy *self, const char *id)
{
  for (guint i = 0; i < self->documents->len; i++)
    {
      const MdPolicyDocument *document = g_ptr_array_index (self->documents, i);

      if (g_strcmp0 (document->id, id) == 0)
        return document;
    }
  return NULL;
}

/* --- reading --- */

void
_md_policy_read_document (MdPolicy *self, MdJson *json, JsonObject *object)
{
  static const char *const members[] = { "id", "name", "counts", "expires", "number", NULL };
  static const char *const counts[] = { "alone", "with-another", "not", NULL };
  MdPolicyDocument *document = g_new0 (MdPolicyDocument, 1);
  const char *id = md_json_string (json, object, "id");
  const char *word = md_json_string (json, object, "counts");

  if (id != NULL && md_policy_get_document (self, id) != NULL)
    md_json_fail (json, "id", _ ("There are two documents \"%s\". Give each an id of its own."),
                  id);
  g_ptr_array_add (self->documents, document);
  md_json_only (json, object, members);
  document->id = _md_policy_keep (self, id);
  _md_policy_read_text (self, json, object, "name", &document->name_ja, &document->name_en);
  document->expires = md_json_boolean_or (json, object, "expires", FALSE);
  document->number = md_json_boolean_or (json, object, "number", FALSE);
  while (word != NULL && counts[document->counts] != NULL
         && !g_str_equal (word, counts[document->counts]))
    document->counts++;
  if (word != NULL && counts[document->counts] == NULL)
    md_json_fail (json, "counts",
                  _ ("This must be \"alone\" (a photo document of a public office), "
                     "\"with-another\" or \"not\"."));
}

/* Every word of the list is a way that there is; of those that take documents some are named. */
static void
check_methods (MdPolicy *self, MdJson *json, const MdPolicyProcedure *procedure)
{
  for (guint i = 0; procedure->identification[i] != NULL; i++)
    {
      const char *method = procedure->identification[i];
      MdAssurance assurance;

      if (g_str_equal (method, "known-person"))
        md_json_fail (json, "identification",
                      _ ("That the clerk knows the person is no identification. Ask for a card or "
                         "for documents."));
      else if (!md_method_get_assurance (method, &assurance))
        md_json_fail (json, "identification",
                      _ ("There is no way of identifying a person called \"%s\"."), method);
      else if (assurance == MD_ASSURANCE_NONE && procedure->identification[1] != NULL)
        md_json_fail (json, "identification",
                      _ ("\"none\" stands alone: where nobody is identified, no other way is "
                         "offered."));
      else if (assurance > MD_ASSURANCE_NONE && assurance < MD_ASSURANCE_CARD_FACE
               && self->documents->len == 0)
        md_json_fail (json, "identification",
                      _ ("\"%s\" needs the list \"documents\": what this office accepts."), method);
      else if (!reaches (method, assurance, procedure))
        md_json_fail (json, "assurance", _ ("\"%s\" never reaches this. Take one of the two out."),
                      method);
    }
}

void
_md_policy_read_identification (MdPolicy *self, MdJson *json, JsonObject *rules,
                                MdPolicyProcedure *procedure)
{
  const char *minimum = md_json_string_or (json, rules, "assurance", NULL);

  procedure->identification
      = _md_policy_keep_vector (self, md_json_strings (json, rules, "identification", 1));
  procedure->assurance = MD_ASSURANCE_TWO_DOCUMENTS;
  if (minimum != NULL
      && (!md_assurance_from_id (minimum, &procedure->assurance)
          || procedure->assurance == MD_ASSURANCE_POSTED_COPIES))
    md_json_fail (json, "assurance",
                  _ ("This must be \"none\", \"two-documents\", \"photo-document\", \"card-face\" "
                     "or \"card-key\"."));
  check_methods (self, json, procedure);
}
