// SPDX-License-Identifier: Apache-2.0
// Which scanned documents the approving officer has looked at, and how.
#include "config.h"

#include <glib/gi18n.h>

#include "md-approval-private.h"
#include "md-item-private.h"

enum
{
  LOOK_WHICH,
  LOOK_LABEL,
  LOOK_WHAT,
  LOOK_WORD,
  LOOK_CLOSED,
  LOOK_DONE,
  LOOK_PAPER
};

static const MdItemField look_fields[] = {
  [LOOK_WHICH] = { "which", MD_ITEM_TEXT },   [LOOK_LABEL] = { "label", MD_ITEM_TEXT },
  [LOOK_WHAT] = { "what", MD_ITEM_TEXT },     [LOOK_WORD] = { "word", MD_ITEM_TEXT },
  [LOOK_CLOSED] = { "closed", MD_ITEM_FLAG }, [LOOK_DONE] = { "done", MD_ITEM_FLAG },
  [LOOK_PAPER] = { "paper", MD_ITEM_FLAG },
};

MD_DEFINE_ITEM (MdScanLook, md_scan_look, look_fields)

/* What stands behind one: a bit for each page that was on the screen. */
typedef struct
{
  MdScanDocument *document; /* NULL: closed */
  guint64 shown;
  guint pages;
} Seen;

G_STATIC_ASSERT (MD_SCAN_MAX_PAGES <= 64);

static void
seen_free (gpointer data)
{
  Seen *seen = data;

  g_clear_object (&seen->document);
  g_free (seen);
}

static Seen *
seen_of (MdScanLook *look)
{
  return g_object_get_data (G_OBJECT (look), "seen");
}

const char *
md_scan_look_get_which (MdScanLook *self)
{
  return self->values.slots[LOOK_WHICH].text;
}

gboolean
md_scan_look_get_done (MdScanLook *self)
{
  return self->values.slots[LOOK_DONE].number != 0;
}

gboolean
md_scan_look_get_paper (MdScanLook *self)
{
  return self->values.slots[LOOK_PAPER].number != 0;
}

gboolean
md_scan_look_get_closed (MdScanLook *self)
{
  return self->values.slots[LOOK_CLOSED].number != 0;
}

static guint
count_shown (const Seen *seen)
{
  guint shown = 0;

  for (guint i = 0; i < seen->pages && i < 64; i++)
    shown += (seen->shown >> i & 1u) != 0 ? 1 : 0;
  return shown;
}

static MdLook
how_of (MdScanLook *self)
{
  const Seen *seen = seen_of (self);

  if (md_scan_look_get_closed (self))
    return md_scan_look_get_paper (self) ? MD_LOOK_PAPER : MD_LOOK_CLOSED;
  return count_shown (seen) == seen->pages ? MD_LOOK_SHOWN : MD_LOOK_PAPER;
}

/* Both may be so; the screen is what the window itself knows. */
static char *
make_word (MdScanLook *self)
{
  const Seen *seen = seen_of (self);
  const guint shown = seen ? count_shown (seen) : 0;

  if (md_scan_look_get_closed (self) && md_scan_look_get_paper (self))
    return g_strdup (_ ("Looked at: the paper itself"));
  if (md_scan_look_get_closed (self))
    return g_strdup (_ ("Not for you to look at: it is not sealed to you, or not for your role"));
  if (shown == seen->pages)
    return g_strdup (_ ("Looked at: each page was shown"));
  if (md_scan_look_get_paper (self))
    return g_strdup (_ ("Looked at: the paper itself"));
  if (shown > 0)
    return g_strdup_printf (_ ("%u of %u pages looked at"), shown, seen->pages);
  return g_strdup (_ ("Not looked at yet"));
}

static void
update (MdScanLook *self)
{
  const Seen *seen = seen_of (self);
  g_autofree char *word = make_word (self);
  const gboolean done = md_scan_look_get_closed (self) || md_scan_look_get_paper (self)
                        || count_shown (seen) == seen->pages;

  _md_item_set_text (self, &self->values, look_fields, LOOK_WORD, word);
  _md_item_set_number (self, &self->values, look_fields, LOOK_DONE, done);
}

/* DOCUMENT: NULL where it is closed. */
static void
add_look (MdApproval *self, MdAttachment *paper, guint n, MdScanDocument *document)
{
  g_autoptr (MdScanLook) look = g_object_new (MD_TYPE_SCAN_LOOK, NULL);
  MdItemValues *values = &look->values;
  g_autofree char *label = NULL;
  g_autofree char *which = NULL;
  Seen *seen = g_new0 (Seen, 1);

  g_object_get (paper, "label", &label, NULL);
  _md_item_set_text (look, values, look_fields, LOOK_LABEL, label);
  _md_item_set_number (look, values, look_fields, LOOK_CLOSED, document == NULL);
  which = g_strdup_printf ("%s/%u", md_attachment_get_id (paper), n);
  _md_item_set_text (look, values, look_fields, LOOK_WHICH, which);
  if (document)
    {
      g_autofree char *what = md_scan_document_describe (document);

      seen->document = g_object_ref (document);
      seen->pages = CLAMP (md_scan_document_get_facts (document)->pages, 1, MD_SCAN_MAX_PAGES);
      _md_item_set_text (look, values, look_fields, LOOK_WHAT, what);
    }
  g_object_set_data_full (G_OBJECT (look), "seen", seen, seen_free);
  update (look);
  g_list_store_append (self->looks, look);
}

void
_md_approval_add_looks (MdApproval *self)
{
  GListModel *papers = md_form_data_get_attachments (self->data);

  for (guint i = 0; i < g_list_model_get_n_items (papers); i++)
    {
      g_autoptr (MdAttachment) paper = g_list_model_get_item (papers, i);
      GListModel *documents = md_attachment_get_documents (paper);
      const gboolean may
          = md_form_data_view_documents (self->data, paper, TRUE) >= MD_VIEW_READABLE;

      for (guint k = 0; k < g_list_model_get_n_items (documents); k++)
        {
          g_autoptr (MdScanDocument) document = g_list_model_get_item (documents, k);

          add_look (self, paper, k, may ? document : NULL);
        }
      for (guint k = 0; k < md_attachment_get_closed (paper); k++)
        add_look (self, paper, g_list_model_get_n_items (documents) + k, NULL);
    }
}

static MdScanLook *
look_at (MdApproval *self, guint i)
{
  g_autoptr (MdScanLook) look = g_list_model_get_item (G_LIST_MODEL (self->looks), i);

  return look; /* the list holds it */
}

GListModel *
md_approval_get_looks (MdApproval *self)
{
  return G_LIST_MODEL (self->looks);
}

guint
md_approval_get_unlooked (MdApproval *self)
{
  MdScanLook *look;
  guint left = 0;

  for (guint i = 0; (look = look_at (self, i)) != NULL; i++)
    left += md_scan_look_get_done (look) ? 0 : 1;
  return left;
}

void
md_approval_note_page (MdApproval *self, MdScanDocument *document, guint page, guint pages)
{
  MdScanLook *look;

  for (guint i = 0; (look = look_at (self, i)) != NULL; i++)
    {
      Seen *seen = seen_of (look);

      if (seen->document != document || page >= MD_SCAN_MAX_PAGES)
        continue;
      /* Whoever draws counts them anew, and may find more than were counted; fewer it never has. */
      seen->pages = CLAMP (pages, seen->pages, MD_SCAN_MAX_PAGES);
      seen->shown |= G_GUINT64_CONSTANT (1) << page;
      update (look);
      _md_approval_notify_looks (self);
    }
}

gboolean
md_approval_tick_paper (MdApproval *self, const char *which, gboolean seen)
{
  MdScanLook *look;

  if (self->wait != MD_APPROVAL_WAIT_DECISION)
    return FALSE;
  for (guint i = 0; (look = look_at (self, i)) != NULL; i++)
    if (which && g_strcmp0 (md_scan_look_get_which (look), which) == 0)
      {
        _md_item_set_number (look, &look->values, look_fields, LOOK_PAPER, seen);
        update (look);
        _md_approval_notify_looks (self);
        return TRUE;
      }
  return FALSE;
}

/* "income/1:shown,card/1:paper": which papers they are is no secret, what is on them is. */
char *
_md_approval_describe_looks (MdApproval *self, guint *out_counts)
{
  static const char *const words[] = { "shown", "paper", "closed" };
  GString *text = g_string_new (NULL);
  MdScanLook *look;

  for (guint i = 0; (look = look_at (self, i)) != NULL; i++)
    {
      const char *which = md_scan_look_get_which (look);
      const MdLook how = how_of (look);

      out_counts[how]++;
      if (which)
        g_string_append_printf (text, "%s%s:%s", text->len > 0 ? "," : "", which, words[how]);
    }
  return g_string_free (text, FALSE);
}
