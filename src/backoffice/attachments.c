// SPDX-License-Identifier: Apache-2.0
/* The command "attachments": the papers of an intake as they are there, and its scanned documents
 * as files. */
#include "config.h"

#include "addition.h"
#include "command.h"
#include "eyes.h"
#include "plain.h"
#include "scans.h"
#include "show.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

/* "01.pdf"; "01.pdf.doubtful" where today's inspection does not pass it, so that nothing opens it
 * by its name; NULL where the desk cannot tell what it is. */
static char *
name_file (const Scan *scan)
{
  const MdScanFacts *facts
      = scan->document != NULL ? md_scan_document_get_facts (scan->document) : NULL;

  return facts != NULL
             ? g_strdup_printf ("%02u%s%s", scan->number, md_scan_kind_get_suffix (facts->kind),
                                md_scan_document_get_passed (scan->document) ? "" : ".doubtful")
             : NULL;
}

/* As a value of its class that goes into a file: pages on which an individual number may stand to
 * who asks for it with a reason, and none that the policy keeps from this desk. */
static gboolean
is_shown (const Scan *scan, const Eyes *eyes)
{
  return scan->document != NULL && eyes_look_at_class (eyes, scan->class) >= MD_VIEW_READABLE;
}

/* --- what is there --- */

/* Whether the result of the inquiry for which a paper was left out has come here. */
static gboolean
has_result (const Case *subject, const MdRecord *paper)
{
  const char *inquiry = md_record_get_text (paper, "inquiry");

  return inquiry != NULL && addition_find (subject, FALSE, inquiry) != NULL;
}

static MdRecord *
scan_to_record (const Scan *scan)
{
  g_autofree char *file = name_file (scan);
  MdRecord *object = md_record_new_object ();
  gint64 pages = 0, size = 0;

  md_record_set_text (object, "file", file);
  md_record_set_text (object, "content_type", md_record_get_text (scan->said, "content_type"));
  if (md_record_as_int (md_record_get (scan->said, "pages"), &pages))
    md_record_set_int (object, "pages", pages);
  if (md_record_as_int (md_record_get (scan->said, "size"), &size))
    md_record_set_int (object, "size", size);
  md_record_set_text (object, "sha256", md_record_get_text (scan->said, "sha256"));
  md_record_set_text (object, "scanner", md_record_get_text (scan->said, "scanner"));
  if (scan->document != NULL)
    md_record_set_bool (object, "inspection_passed", md_scan_document_get_passed (scan->document));
  md_record_set_text (object, "class", md_sensitivity_to_id (scan->class));
  md_record_set_bool (object, "class_differs", scan->class_differs);
  return object;
}

static MdRecord *
paper_to_record (const Eyes *eyes, const MdRecord *paper, const GPtrArray *scans)
{
  const char *id = md_record_get_text (paper, "paper");
  g_autofree char *label = eyes_dup_paper_name (eyes, id);
  MdRecord *object = md_record_new_object (), *list = md_record_new_list ();

  md_record_set_text (object, "paper", eyes_may_name_paper (eyes, id) ? id : NULL);
  md_record_set_text (object, "label", label);
  md_record_set_text (object, "how", md_record_get_text (paper, "how"));
  if (md_record_get (paper, "inquiry") != NULL)
    {
      md_record_set_text (object, "inquiry", md_record_get_text (paper, "inquiry"));
      md_record_set_bool (object, "result_here", has_result (eyes->subject, paper));
    }
  for (guint i = 0; i < scans->len; i++)
    {
      const Scan *scan = g_ptr_array_index (scans, i);

      if (g_strcmp0 (scan->paper, id) == 0)
        md_record_append_take (list, scan_to_record (scan));
    }
  md_record_take (object, "documents", list);
  return object;
}

static gboolean
print_json (const Eyes *eyes, const GPtrArray *scans)
{
  const Case *subject = eyes->subject;
  g_autoptr (MdRecord) root = md_record_new_object ();
  MdRecord *papers = md_record_new_list ();
  g_autoptr (MdSecret) text = NULL;

  md_record_set_text (root, "schema", "madoguchi-attachments/1");
  md_record_set_text (root, "intake", subject->entry->intake);
  md_record_set_text (root, "receipt_number", subject->entry->receipt_number);
  for (gsize i = 0; i < md_record_get_size (subject->papers); i++)
    md_record_append_take (papers,
                           paper_to_record (eyes, md_record_get_entry (subject->papers, i), scans));
  md_record_take (root, "papers", papers);
  text = md_record_write (root, TRUE);
  return text != NULL && show_print (text);
}

static void
print_scan (const Scan *scan, const Eyes *eyes)
{
  g_autofree char *file = name_file (scan), *what = NULL;
  g_autofree char *scanner = plain_dup (md_record_get_text (scan->said, "scanner"));

  if (scan->document == NULL)
    {
      g_print (_ ("  %02u  sealed to the number vault, whose key is not at this desk\n"),
               scan->number);
      return;
    }
  what = md_scan_document_describe (scan->document);
  g_print ("  %s  %s\n", file, what);
  if (!md_scan_document_get_passed (scan->document))
    g_print (_ ("      may hold a program or be damaged: do not open it\n"));
  if (scan->class_differs)
    g_print (_ ("      sealed for another class than the form at this desk says; the stricter of "
                "the two holds. Look whether the form was corrected since, or this desk's forms "
                "are older than the terminal's\n"));
  if (!is_shown (scan, eyes))
    g_print (scan->class == MD_CLASS_MY_NUMBER && !eyes->reveal
                 ? _ ("      may bear an individual number: given out with --reveal-number and a "
                      "--reason alone\n")
                 : _ ("      the policy keeps what is of this class from this desk\n"));
  if (*scanner != '\0')
    g_print (_ ("      checked for viruses by %s\n"), scanner);
  else
    g_print (_ ("      not checked for viruses: do not open it before you have done so\n"));
  g_print ("      SHA-256 %s\n", md_scan_document_get_sha256 (scan->document));
}

static void
print_paper (const Eyes *eyes, const MdRecord *paper, const GPtrArray *scans)
{
  const Case *subject = eyes->subject;
  const char *id = md_record_get_text (paper, "paper");
  g_autofree char *label = eyes_dup_paper_name (eyes, id), *plain = plain_dup (label);

  g_print ("%s  %s\n", plain, md_record_get_text (paper, "how"));
  if (md_record_get_text (paper, "inquiry") != NULL)
    g_print (has_result (subject, paper)
                 ? _ ("  left out; the result of inquiry %s is here\n")
                 : _ ("  left out; the result of inquiry %s has not been taken in here\n"),
             md_record_get_text (paper, "inquiry"));
  for (guint i = 0; i < scans->len; i++)
    if (g_strcmp0 (((const Scan *)scans->pdata[i])->paper, id) == 0)
      print_scan (scans->pdata[i], eyes);
}

/* --- as files --- */

static gboolean
file_failed (const char *path, GError **error)
{
  const GFileError code = g_file_error_from_errno (errno);

  g_set_error (error, G_FILE_ERROR, (gint)code, "%s: %s", path, g_strerror (errno));
  return FALSE;
}

/* Readable by its owner alone, and never in the place of another. */
static gboolean
write_scan (const char *folder, const Scan *scan, GError **error)
{
  g_autofree char *name = name_file (scan), *path = g_build_filename (folder, name, NULL);
  const MdSecret *bytes = md_scan_document_get_bytes (scan->document);
  const int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  const guint8 *data = md_secret_get_data (bytes);
  gsize left = md_secret_get_size (bytes);
  gboolean written = fd >= 0;

  while (written && left > 0)
    {
      const ssize_t n = write (fd, data, left);

      written = n > 0 || (n < 0 && errno == EINTR);
      data += n > 0 ? n : 0;
      left -= n > 0 ? (gsize)n : 0;
    }
  written = written && fsync (fd) == 0;
  if (!written)
    (void)file_failed (path, error);
  if (fd >= 0)
    (void)close (fd);
  return written;
}

static gboolean
write_scans (const char *folder, const Eyes *eyes, const GPtrArray *scans, guint *out_written,
             GError **error)
{
  if (g_mkdir_with_parents (folder, 0700) != 0)
    return file_failed (folder, error);
  for (guint i = 0; i < scans->len; i++)
    {
      const Scan *scan = g_ptr_array_index (scans, i);

      if (!is_shown (scan, eyes))
        continue;
      if (!write_scan (folder, scan, error))
        return FALSE;
      ++*out_written;
    }
  return TRUE;
}

/* Whether pages go out on which an individual number may stand: recorded as showing it is. */
static gboolean
reveals (const Eyes *eyes, int argc, const GPtrArray *scans)
{
  gboolean any = FALSE;

  for (guint i = 0; argc > 1 && i < scans->len; i++)
    {
      const Scan *scan = g_ptr_array_index (scans, i);

      any = any || (scan->class == MD_CLASS_MY_NUMBER && is_shown (scan, eyes));
    }
  return any;
}

int
command_attachments (Desk *desk, const Options *options, int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Case) subject = case_examine (desk, argv[0], &error);
  const Eyes eyes = eyes_new (desk, subject, MD_STEP_EXPORT, options->reveal);
  g_autoptr (GPtrArray) scans = NULL;
  guint written = 0;

  if (subject == NULL || !command_may_look (desk, options, &error)
      || !command_open (subject, desk, options, &error)
      || (scans = scans_open (subject, desk, &error)) == NULL)
    {
      command_record_refusal (desk, options, "attachments", argv[0], error);
      return command_complain (error);
    }
  if (!command_record (desk, options, reveals (&eyes, argc, scans) ? "reveal" : "attachments",
                       subject, &error)
      || (argc > 1 && !write_scans (argv[1], &eyes, scans, &written, &error)))
    return command_complain (error);
  if (options->json)
    return print_json (&eyes, scans) ? STATUS_FINE : STATUS_FAILED;
  for (gsize i = 0; i < md_record_get_size (subject->papers); i++)
    print_paper (&eyes, md_record_get_entry (subject->papers, i), scans);
  if (argc > 1)
    g_print (g_dngettext (GETTEXT_PACKAGE, "%u document written to %s\n",
                          "%u documents written to %s\n", written),
             written, argv[1]);
  return STATUS_FINE;
}
