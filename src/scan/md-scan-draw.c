// SPDX-License-Identifier: Apache-2.0
// A page of a document, drawn by madoguchi-page: what reads such files never runs in here.
#include "config.h"

#include <string.h>

#include "md-scan-draw.h"
#include "md-scan-private.h"
#include "md-scan-run.h"

#define PROGRAM "madoguchi-page"
#define DRAW_S 20u
#define MAGIC 0x4d445047u
#define PIXELS_MAX (4u * 1000u * 1000u)

/* As in src/page/page.h, which belongs to the other side of the fence. */
typedef struct
{
  guint32 magic, pages, width, height, whole;
} Head;

typedef struct
{
  MdSecret *bytes;
  guint number, width;
} Drawing;

static void
drawing_free (gpointer data)
{
  Drawing *drawing = data;

  md_secret_unref (drawing->bytes);
  g_free (drawing);
}

void
md_scan_page_free (MdScanPage *self)
{
  if (self == NULL)
    return;
  md_secret_unref (self->pixels);
  g_free (self);
}

/* The one that was installed with this, or that of MADOGUCHI_LIBEXECDIR. */
static char *
find_program (void)
{
  const char *dir = g_getenv ("MADOGUCHI_LIBEXECDIR");

  return g_build_filename (dir != NULL && *dir != '\0' ? dir : MD_LIBEXECDIR, PROGRAM, NULL);
}

/* It may have been taken over by what it read: nothing of what it says is believed. */
static MdScanPage *
read_page (MdSecret *output)
{
  const gsize size = md_secret_get_size (output);
  MdScanPage *page;
  Head head;

  if (size < sizeof head)
    return NULL;
  memcpy (&head, md_secret_get_data (output), sizeof head);
  if (head.magic != MAGIC || head.pages == 0 || head.pages > MD_SCAN_MAX_PAGES || head.width == 0
      || head.height == 0 || head.width > MD_SCAN_MAX_SIDE || head.height > MD_SCAN_MAX_SIDE
      || (guint64)head.width * head.height * 4 != size - sizeof head)
    return NULL;
  page = g_new0 (MdScanPage, 1);
  page->pages = head.pages;
  page->width = head.width;
  page->height = head.height;
  page->whole = head.whole == 1;
  page->pixels
      = md_secret_new_from_data (md_secret_get_data (output) + sizeof head, size - sizeof head);
  return page;
}

MdScanPage *
md_scan_draw_now (MdSecret *bytes, guint number, guint width, GCancellable *cancellable,
                  GError **error)
{
  const gsize room = sizeof (Head) + 4 * (gsize)PIXELS_MAX;
  g_autofree char *program = find_program ();
  g_autofree char *page_word = g_strdup_printf ("%u", number);
  g_autofree char *width_word = g_strdup_printf ("%u", width);
  char *argv[] = { program, page_word, width_word, NULL };
  const gboolean there = g_file_test (program, G_FILE_TEST_IS_EXECUTABLE);
  g_autoptr (MdSecret) output = md_secret_new (there ? room : 1);
  const MdScanRun run
      = { .argv = argv, .input = bytes, .output = output, .room = room, .seconds = DRAW_S };
  MdScanPage *page = there && _md_scan_run (&run, cancellable) == 0 ? read_page (output) : NULL;

  if (page == NULL && !g_cancellable_set_error_if_cancelled (cancellable, error))
    (void)_md_scan_refuse (error, MD_SCAN_ERROR_NOT_DRAWN);
  return page;
}

static void
draw_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Drawing *drawing = data;
  GError *error = NULL;
  MdScanPage *page
      = md_scan_draw_now (drawing->bytes, drawing->number, drawing->width, cancellable, &error);

  if (page != NULL)
    g_task_return_pointer (task, page, (GDestroyNotify)md_scan_page_free);
  else
    g_task_return_error (task, error);
}

void
md_scan_draw_async (MdScanDocument *document, guint number, guint width, GCancellable *cancellable,
                    GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  MdSecret *bytes = md_scan_document_get_bytes (document);
  GError *error = NULL;
  Drawing *drawing;

  g_task_set_source_tag (task, md_scan_draw_async);
  if (bytes == NULL || !md_scan_document_get_passed (document))
    {
      (void)_md_scan_refuse (&error, MD_SCAN_ERROR_NOT_DRAWN);
      g_task_return_error (task, error);
      return;
    }
  drawing = g_new0 (Drawing, 1);
  drawing->bytes = md_secret_ref (bytes);
  drawing->number = number;
  drawing->width = width;
  g_task_set_task_data (task, drawing, drawing_free);
  g_task_run_in_thread (task, draw_thread);
}

MdScanPage *
md_scan_draw_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
