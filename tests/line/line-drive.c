// SPDX-License-Identifier: Apache-2.0
/* line-drive: the delivery engine over an outbox that is a folder, for the tests of the line.
 *
 *   line-drive --url URL --pki DIR --queue DIR [--receipt FILE]... [--certificate NAME] [--ca NAME]
 *
 * QUEUE holds files named INTAKE.N. What happens is printed, one line each; orders come on the
 * standard input: "wake", "rescan", "nonce" and "quit". */

#include <gio/gio.h>
#include <gio/gunixinputstream.h>
#include <md-line.h>
#include <md-pki.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct
{
  char *intake;
  guint n;
  char *path;
  guint attempts;
  gint64 due_ms;
  gboolean leased;
  gboolean done;
  gboolean aside;
} Row;

#define DRIVE_TYPE_QUEUE (drive_queue_get_type ())
G_DECLARE_FINAL_TYPE (DriveQueue, drive_queue, DRIVE, QUEUE, GObject)

struct _DriveQueue
{
  GObject parent;
  GMutex lock;
  GPtrArray *rows;
  char *folder;
};

static void drive_queue_source_init (MdDeliverySourceInterface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE (DriveQueue, drive_queue, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (MD_TYPE_DELIVERY_SOURCE,
                                                      drive_queue_source_init))

static struct
{
  char *url;
  char *proxy;
  int back_ms;
  char *pki;
  char *queue;
  char *certificate;
  char *ca;
  char **receipts;
  int probe_ms;
  int retry_ms;
  gboolean polls;
  int stall_s;
  char *pairs;
  int die;      /* at which step on the disk; 0: at none */
  char *refuse; /* why every policy is; NULL: it is taken */
} options;

/* --- Deaths --- */

/* What the line writes goes through here (--wrap): with --die N the program ends in the N-th of
 * three steps of each file, or before or after it is wiped or taken away, as if the power were cut.
 */
gboolean __real_g_file_set_contents_full (const char *path, const char *contents, gssize length,
                                          GFileSetContentsFlags flags, int mode, GError **error);
gboolean __wrap_g_file_set_contents_full (const char *path, const char *contents, gssize length,
                                          GFileSetContentsFlags flags, int mode, GError **error);
int __real_g_unlink (const char *path);
int __wrap_g_unlink (const char *path);
int __real_fsync (int fd);
int __wrap_fsync (int fd);

static void
step (void)
{
  static int steps;

  if (options.die > 0 && ++steps == options.die)
    _exit (9);
}

gboolean
__wrap_g_file_set_contents_full (const char *path, const char *contents, gssize length,
                                 GFileSetContentsFlags flags, int mode, GError **error)
{
  g_autofree char *half = g_strconcat (path, ".AB12CD", NULL);
  gboolean done = FALSE;

  g_assert (mode == 0600
            && flags == (G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE));
  step ();
  if (options.die > 0)
    (void)__real_g_file_set_contents_full (half, contents, length / 2, flags, mode, NULL);
  step ();
  if (options.die > 0)
    (void)__real_g_unlink (half);
  done = __real_g_file_set_contents_full (path, contents, length, flags, mode, error);
  step ();
  return done;
}

int
__wrap_g_unlink (const char *path)
{
  int done = 0;

  step ();
  done = __real_g_unlink (path);
  step ();
  return done;
}

int
__wrap_fsync (int fd)
{
  step ();
  return __real_fsync (fd);
}

G_GNUC_PRINTF (1, 2)
static void
say (const char *format, ...)
{
  va_list list;

  va_start (list, format);
  flockfile (stdout); /* the engine's thread speaks, too */
  vprintf (format, list);
  putchar ('\n');
  fflush (stdout);
  funlockfile (stdout);
  va_end (list);
}

static gint64
now_ms (void)
{
  return g_get_monotonic_time () / 1000;
}

static gboolean
is_ready (DriveQueue *self, const Row *row)
{
  for (guint i = 0; i < self->rows->len; i++)
    {
      const Row *other = self->rows->pdata[i];
      if (other->n < row->n && !other->done && strcmp (other->intake, row->intake) == 0)
        return FALSE;
    }
  return !row->leased && !row->done && !row->aside;
}

static gboolean
drive_claim (MdDeliverySource *source, const MdDeliveryWant *want, MdDeliveryItem **out_item,
             GError **error)
{
  DriveQueue *self = DRIVE_QUEUE (source);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  gint64 now = now_ms ();

  *out_item = NULL;
  for (guint i = 0; i < self->rows->len; i++)
    {
      Row *row = self->rows->pdata[i];
      g_autofree char *data = NULL;
      g_autoptr (GBytes) payload = NULL;
      gsize size = 0;

      if (!is_ready (self, row) || (want->pick == MD_DELIVERY_FRESH) != (row->attempts == 0)
          || row->due_ms > now || (want->decisions && row->n == 1))
        continue;
      if (!g_file_get_contents (row->path, &data, &size, error))
        return FALSE;
      if (size > want->largest)
        continue;
      payload = g_bytes_new_take (g_steal_pointer (&data), size);
      row->leased = TRUE;
      *out_item = md_delivery_item_new ((gint64)i, row->intake, row->n, row->attempts, payload);
      return TRUE;
    }
  return TRUE;
}

static gint64
drive_next_due (MdDeliverySource *source)
{
  DriveQueue *self = DRIVE_QUEUE (source);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  gint64 now = now_ms ();
  gint64 due = -1;

  for (guint i = 0; i < self->rows->len; i++)
    {
      const Row *row = self->rows->pdata[i];
      if (is_ready (self, row))
        due = due < 0 ? MAX (row->due_ms - now, 0) : MIN (due, MAX (row->due_ms - now, 0));
    }
  return due;
}

static gboolean
drive_acknowledge (MdDeliverySource *source, const MdDeliveryItem *item, GBytes *receipt,
                   guint64 sequence, const char *time, GError **error)
{
  DriveQueue *self = DRIVE_QUEUE (source);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  Row *row = self->rows->pdata[item->key];

  row->done = TRUE;
  unlink (row->path);
  say ("acknowledged %s %u %" G_GUINT64_FORMAT, item->intake, item->n, sequence);
  return TRUE;
}

static gboolean
drive_put_back (MdDeliverySource *source, const MdDeliveryItem *item, gint64 delay_ms,
                gboolean counts, const char *reason, GError **error)
{
  DriveQueue *self = DRIVE_QUEUE (source);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  Row *row = self->rows->pdata[item->key];

  row->leased = FALSE;
  row->attempts += counts ? 1 : 0;
  row->due_ms = now_ms () + delay_ms;
  say ("put-back %s %u %u %" G_GINT64_FORMAT, item->intake, item->n, row->attempts, delay_ms);
  return TRUE;
}

static gboolean
drive_quarantine (MdDeliverySource *source, const MdDeliveryItem *item, const char *code,
                  const char *reason, GError **error)
{
  DriveQueue *self = DRIVE_QUEUE (source);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  ((Row *)self->rows->pdata[item->key])->aside = TRUE;
  say ("quarantined %s %u %s", item->intake, item->n, code);
  return TRUE;
}

static void
drive_queue_source_init (MdDeliverySourceInterface *iface)
{
  iface->claim = drive_claim;
  iface->next_due = drive_next_due;
  iface->acknowledge = drive_acknowledge;
  iface->put_back = drive_put_back;
  iface->quarantine = drive_quarantine;
}

static void
row_free (gpointer data)
{
  Row *row = data;

  g_free (row->intake);
  g_free (row->path);
  g_free (row);
}

static void
drive_queue_init (DriveQueue *self)
{
  g_mutex_init (&self->lock);
  self->rows = g_ptr_array_new_with_free_func (row_free);
}

static void
drive_queue_finalize (GObject *object)
{
  DriveQueue *self = DRIVE_QUEUE (object);

  g_ptr_array_unref (self->rows);
  g_free (self->folder);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (drive_queue_parent_class)->finalize (object);
}

static void
drive_queue_class_init (DriveQueueClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = drive_queue_finalize;
}

static gboolean
is_listed (DriveQueue *self, const char *path)
{
  for (guint i = 0; i < self->rows->len; i++)
    if (strcmp (((Row *)self->rows->pdata[i])->path, path) == 0)
      return TRUE;
  return FALSE;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *)a, *(char *const *)b);
}

static void
rescan (DriveQueue *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  g_autoptr (GDir) folder = g_dir_open (self->folder, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name = NULL;

  while ((name = g_dir_read_name (folder)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    {
      g_auto (GStrv) parts = g_strsplit (names->pdata[i], ".", 2);
      g_autofree char *path = g_build_filename (self->folder, names->pdata[i], NULL);
      Row *row = NULL;

      if (g_strv_length (parts) != 2 || is_listed (self, path))
        continue;
      row = g_new0 (Row, 1);
      row->intake = g_strdup (parts[0]);
      row->n = (guint)g_ascii_strtoull (parts[1], NULL, 10);
      row->path = g_steal_pointer (&path);
      g_ptr_array_add (self->rows, row);
    }
}

/* --- What the engine tells --- */

static void
state_cb (MdDelivery *delivery, gpointer user_data)
{
  g_autofree char *detail = md_delivery_dup_detail (delivery);

  say ("state %s %s %s", md_line_state_name (md_delivery_get_state (delivery)),
       md_delivery_get_reason (delivery), detail);
}

static void
acknowledged_cb (MdDelivery *delivery, const char *intake, guint n, gpointer user_data)
{
  say ("signal-acknowledged %s %u", intake, n);
}

static void
quarantined_cb (MdDelivery *delivery, const char *intake, guint n, const char *code,
                gpointer user_data)
{
  say ("signal-quarantined %s %u %s", intake, n, code);
}

static void
renewal_cb (MdDelivery *delivery, const char *stage, gpointer user_data)
{
  say ("renewal %s", stage);
}

static void
address_cb (MdDelivery *delivery, guint address, const char *cause, gpointer user_data)
{
  say ("address %u %s", address, cause);
}

static void
policy_cb (MdDelivery *delivery, GBytes *bundle, const char *etag, gpointer user_data)
{
  const char *cause = user_data;

  if (cause == NULL)
    md_delivery_set_policy_etag (delivery, etag);
  else
    md_delivery_set_policy_refused (delivery, etag, cause);
  say ("policy %" G_GSIZE_FORMAT " %s", g_bytes_get_size (bundle), etag != NULL ? etag : "-");
}

/* --- Orders --- */

typedef struct
{
  MdDelivery *delivery;
  DriveQueue *queue;
  GMainLoop *loop;
  GDataInputStream *orders;
} Drive;

static void
obey (Drive *drive, const char *order)
{
  if (strcmp (order, "wake") == 0)
    md_delivery_wake (drive->delivery);
  else if (strcmp (order, "rescan") == 0)
    {
      rescan (drive->queue);
      md_delivery_wake (drive->delivery);
    }
  else if (strcmp (order, "nonce") == 0)
    {
      gint64 age = -1;
      gboolean unused = FALSE;
      g_autoptr (GBytes) nonce = md_delivery_use_nonce (drive->delivery, &age, &unused);
      say ("nonce %" G_GSIZE_FORMAT " %" G_GINT64_FORMAT " %s",
           nonce != NULL ? g_bytes_get_size (nonce) : 0, age, unused ? "unused" : "used");
    }
  else if (strcmp (order, "quit") == 0)
    g_main_loop_quit (drive->loop);
}

static void
order_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Drive *drive = user_data;
  g_autofree char *order
      = g_data_input_stream_read_line_finish_utf8 (drive->orders, result, NULL, NULL);

  if (order == NULL)
    {
      g_main_loop_quit (drive->loop);
      return;
    }
  obey (drive, order);
  g_data_input_stream_read_line_async (drive->orders, G_PRIORITY_DEFAULT, NULL, order_cb, drive);
}

static void
set_anchors (MdDelivery *delivery)
{
  g_autoptr (GPtrArray) anchors = g_ptr_array_new ();

  for (guint i = 0; options.receipts != NULL && options.receipts[i] != NULL; i++)
    {
      MdCertificate *certificate = md_certificate_new_from_file (options.receipts[i], NULL);
      g_assert_nonnull (certificate);
      g_ptr_array_add (anchors, md_certificate_get_der (certificate));
    }
  md_delivery_set_receipt_anchors (delivery, (GBytes *const *)anchors->pdata, anchors->len);
}

static MdDelivery *
make_delivery (DriveQueue *queue)
{
  const char *own = options.certificate != NULL ? options.certificate : "terminal";
  g_autofree char *ca
      = g_strdup_printf ("%s/%s.crt", options.pki, options.ca != NULL ? options.ca : "line-ca");
  g_autofree char *certificate = g_strdup_printf ("%s/%s.crt", options.pki, own);
  g_autofree char *key = g_strdup_printf ("%s/%s.key", options.pki, own);
  MdLineConfig line = { .url = options.url,
                        .proxy = options.proxy,
                        .pairs = options.pairs,
                        .ca = ca,
                        .certificate = certificate,
                        .key = key,
                        .connect_timeout_ms = 1500,
                        .stall_timeout_s = (guint)options.stall_s };
  char office[] = "139998";
  char terminal[] = "T001";
  MdDeliveryConfig config = { .line = &line,
                              .office = office,
                              .terminal = terminal,
                              .retry_base_ms = options.retry_ms,
                              .retry_max_ms = options.retry_ms * 8,
                              .back_ms = options.back_ms,
                              .probe_ms = options.probe_ms,
                              .polls = options.polls };

  return md_delivery_new (MD_DELIVERY_SOURCE (queue), &config);
}

static const GOptionEntry entries[] = {
  { "url", 0, 0, G_OPTION_ARG_STRING, &options.url, "", "URL" },
  { "proxy", 0, 0, G_OPTION_ARG_STRING, &options.proxy, "", "URL" },
  { "back", 0, 0, G_OPTION_ARG_INT, &options.back_ms, "", "MS" },
  { "pki", 0, 0, G_OPTION_ARG_FILENAME, &options.pki, "", "DIR" },
  { "queue", 0, 0, G_OPTION_ARG_FILENAME, &options.queue, "", "DIR" },
  { "certificate", 0, 0, G_OPTION_ARG_STRING, &options.certificate, "", "NAME" },
  { "pairs", 0, 0, G_OPTION_ARG_FILENAME, &options.pairs, "", "DIR" },
  { "ca", 0, 0, G_OPTION_ARG_STRING, &options.ca, "", "NAME" },
  { "receipt", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.receipts, "", "FILE" },
  { "die", 0, 0, G_OPTION_ARG_INT, &options.die, "", "STEP" },
  { "probe", 0, 0, G_OPTION_ARG_INT, &options.probe_ms, "", "MS" },
  { "retry", 0, 0, G_OPTION_ARG_INT, &options.retry_ms, "", "MS" },
  { "stall", 0, 0, G_OPTION_ARG_INT, &options.stall_s, "", "S" },
  { "polls", 0, 0, G_OPTION_ARG_NONE, &options.polls, "", NULL },
  { "refuse", 0, 0, G_OPTION_ARG_STRING, &options.refuse, "", "CAUSE" },
  { NULL },
};

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (DriveQueue) queue = NULL;
  g_autoptr (MdDelivery) delivery = NULL;
  g_autoptr (GInputStream) input = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  g_autoptr (GDataInputStream) orders = g_data_input_stream_new (input);
  Drive drive = { .loop = loop, .orders = orders };

  options.probe_ms = 300;
  options.retry_ms = 100;
  options.stall_s = 2;
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, NULL) || options.url == NULL
      || options.pki == NULL || options.queue == NULL)
    return 2;
  queue = g_object_new (DRIVE_TYPE_QUEUE, NULL);
  queue->folder = g_strdup (options.queue);
  rescan (queue);
  delivery = make_delivery (queue);
  drive.delivery = delivery;
  drive.queue = queue;
  set_anchors (delivery);
  g_signal_connect (delivery, "state-changed", G_CALLBACK (state_cb), NULL);
  g_signal_connect (delivery, "item-acknowledged", G_CALLBACK (acknowledged_cb), NULL);
  g_signal_connect (delivery, "item-quarantined", G_CALLBACK (quarantined_cb), NULL);
  g_signal_connect (delivery, "certificate-renewal", G_CALLBACK (renewal_cb), NULL);
  g_signal_connect (delivery, "address-changed", G_CALLBACK (address_cb), NULL);
  g_signal_connect (delivery, "policy-received", G_CALLBACK (policy_cb), options.refuse);
  md_delivery_start (delivery);
  g_data_input_stream_read_line_async (orders, G_PRIORITY_DEFAULT, NULL, order_cb, &drive);
  g_main_loop_run (loop);
  md_delivery_stop (delivery);
  say ("stopped");
  return 0;
}
