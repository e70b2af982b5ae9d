// SPDX-License-Identifier: Apache-2.0
/* put-load: puts the containers of a folder to a gateway, as many terminals would that have each a
 * connection and one request under way; or inserts the same bytes into a bare SQLite file.
 *
 *   put-load --url URL --pki DIR --folder DIR [--from N] [--count N] [--clients N] [--rate N]
 *   put-load --sqlite FILE --folder DIR [--from N] [--count N]
 *
 * Files are named by the id of their intake, and taken in the order of their names. RATE: so many a
 * second, whether earlier answers have come or not; a request that had to wait for a connection has
 * waited from its time on. Prints one line of JSON: items, seconds, p50_us, p99_us, connections. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <curl/curl.h>
#include <glib.h>
#include <sqlite3.h>

typedef struct
{
  char *url;
  GBytes *body;
  struct curl_slist *headers;
  double waited; /* microseconds from its time to its answer */
} Put;

static struct
{
  char *url;
  char *pki;
  char *folder;
  char *sqlite;
  int from;
  int count;
  int clients;
  int rate;
} options = { .count = G_MAXINT, .clients = 1 };

static GPtrArray *puts_; /* Put */
static gint next_put;
static gint connections;
static gint64 began;

static void
require (gboolean good, const char *what)
{
  if (!good)
    g_error ("%s", what);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static Put *
read_put (const char *name)
{
  g_autofree char *path = g_build_filename (options.folder, name, NULL);
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *base64 = NULL;
  g_autofree char *digest = NULL;
  Put *put = g_new0 (Put, 1);
  char *data = NULL;
  gsize size = 0, n = 32;
  guint8 hash[32];

  require (g_file_get_contents (path, &data, &size, NULL), "a file cannot be read");
  put->body = g_bytes_new_take (data, size);
  g_checksum_update (sum, (const guint8 *)data, (gssize)size);
  g_checksum_get_digest (sum, hash, &n);
  base64 = g_base64_encode (hash, n);
  digest = g_strdup_printf ("Content-Digest: sha-256=:%s:", base64);
  put->url = g_strdup_printf ("%s/v1/intakes/%s", options.url, name);
  put->headers = curl_slist_append (NULL, digest);
  put->headers = curl_slist_append (put->headers, "Content-Type: application/vnd.etsi.asic-e+zip");
  put->headers = curl_slist_append (put->headers, "Expect:");
  return put;
}

static void
read_folder (void)
{
  g_autoptr (GDir) dir = g_dir_open (options.folder, 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  require (dir != NULL, "the folder cannot be read");
  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  puts_ = g_ptr_array_new ();
  for (guint i = (guint)options.from; i < names->len && puts_->len < (guint)options.count; i++)
    g_ptr_array_add (puts_, read_put (g_ptr_array_index (names, i)));
  require (puts_->len > 0, "the folder holds no such files");
}

/* --- Over the line --- */

typedef struct
{
  const guint8 *data;
  gsize left;
} Reader;

static size_t
give (char *buffer, size_t size, size_t n, void *user_data)
{
  Reader *reader = user_data;
  const gsize part = MIN (size * n, reader->left);

  memcpy (buffer, reader->data, part);
  reader->data += part;
  reader->left -= part;
  return part;
}

static size_t
drop (char *data, size_t size, size_t n, void *user_data)
{
  return size * n;
}

static char *
pki (const char *name)
{
  return g_build_filename (options.pki, name, NULL);
}

static CURL *
make_handle (void)
{
  g_autofree char *ca = pki ("line-ca.crt");
  g_autofree char *certificate = pki ("terminal.crt");
  g_autofree char *key = pki ("terminal.key");
  CURL *curl = curl_easy_init ();

  curl_easy_setopt (curl, CURLOPT_CAINFO, ca);
  curl_easy_setopt (curl, CURLOPT_SSLCERT, certificate);
  curl_easy_setopt (curl, CURLOPT_SSLKEY, key);
  curl_easy_setopt (curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
  curl_easy_setopt (curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt (curl, CURLOPT_READFUNCTION, give);
  curl_easy_setopt (curl, CURLOPT_WRITEFUNCTION, drop);
  curl_easy_setopt (curl, CURLOPT_TIMEOUT, 60L);
  curl_easy_setopt (curl, CURLOPT_NOSIGNAL, 1L);
  return curl;
}

static void
put_one (CURL *curl, Put *put, gint64 due)
{
  Reader reader = { 0 };
  long status = 0, opened = 0;

  reader.data = g_bytes_get_data (put->body, &reader.left);
  curl_easy_setopt (curl, CURLOPT_URL, put->url);
  curl_easy_setopt (curl, CURLOPT_HTTPHEADER, put->headers);
  curl_easy_setopt (curl, CURLOPT_READDATA, &reader);
  curl_easy_setopt (curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)reader.left);
  require (curl_easy_perform (curl) == CURLE_OK, "no answer");
  put->waited = (double)(g_get_monotonic_time () - due);
  curl_easy_getinfo (curl, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo (curl, CURLINFO_NUM_CONNECTS, &opened);
  require (status == 201 || status == 200 || status == 204, "refused");
  g_atomic_int_add (&connections, (gint)opened);
}

static gpointer
work (gpointer data)
{
  CURL *curl = make_handle ();
  guint i;

  while ((i = (guint)g_atomic_int_add (&next_put, 1)) < puts_->len)
    {
      gint64 due = g_get_monotonic_time ();

      if (options.rate > 0)
        {
          const gint64 planned = began + (gint64)i * G_USEC_PER_SEC / options.rate;

          if (planned > due)
            g_usleep ((gulong)(planned - due));
          due = planned;
        }
      put_one (curl, g_ptr_array_index (puts_, i), due);
    }
  curl_easy_cleanup (curl);
  return NULL;
}

static void
put_all (void)
{
  g_autofree GThread **threads = g_new0 (GThread *, (gsize)options.clients);

  for (int i = 0; i < options.clients; i++)
    threads[i] = g_thread_new ("client", work, NULL);
  for (int i = 0; i < options.clients; i++)
    g_thread_join (threads[i]);
}

/* --- Bare --- */

static void
insert_all (void)
{
  sqlite3 *db = NULL;
  sqlite3_stmt *insert = NULL;

  require (sqlite3_open (options.sqlite, &db) == SQLITE_OK
               && sqlite3_exec (db,
                                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                                "CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, body BLOB)",
                                NULL, NULL, NULL)
                      == SQLITE_OK
               && sqlite3_prepare_v2 (db, "INSERT INTO t (body) VALUES (?1)", -1, &insert, NULL)
                      == SQLITE_OK,
           "the file cannot be written");
  began = g_get_monotonic_time ();
  for (guint i = 0; i < puts_->len; i++)
    {
      Put *put = g_ptr_array_index (puts_, i);
      const gint64 start = g_get_monotonic_time ();
      gsize size;
      const void *data = g_bytes_get_data (put->body, &size);

      require (sqlite3_bind_blob64 (insert, 1, data, size, SQLITE_STATIC) == SQLITE_OK
                   && sqlite3_step (insert) == SQLITE_DONE && sqlite3_reset (insert) == SQLITE_OK,
               "a row cannot be written");
      put->waited = (double)(g_get_monotonic_time () - start);
    }
  sqlite3_finalize (insert);
  sqlite3_close (db);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const double x = (*(const Put *const *)a)->waited, y = (*(const Put *const *)b)->waited;

  return (x > y) - (x < y);
}

static double
quantile (double part)
{
  const guint i = MIN (puts_->len - 1, (guint)(part * puts_->len));

  return ((const Put *)g_ptr_array_index (puts_, i))->waited;
}

static const GOptionEntry entries[] = {
  { "url", 0, 0, G_OPTION_ARG_STRING, &options.url, NULL, NULL },
  { "pki", 0, 0, G_OPTION_ARG_FILENAME, &options.pki, NULL, NULL },
  { "folder", 0, 0, G_OPTION_ARG_FILENAME, &options.folder, NULL, NULL },
  { "sqlite", 0, 0, G_OPTION_ARG_FILENAME, &options.sqlite, NULL, NULL },
  { "from", 0, 0, G_OPTION_ARG_INT, &options.from, NULL, NULL },
  { "count", 0, 0, G_OPTION_ARG_INT, &options.count, NULL, NULL },
  { "clients", 0, 0, G_OPTION_ARG_INT, &options.clients, NULL, NULL },
  { "rate", 0, 0, G_OPTION_ARG_INT, &options.rate, NULL, NULL },
  G_OPTION_ENTRY_NULL,
};

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  double seconds;

  g_option_context_add_main_entries (context, entries, NULL);
  require (g_option_context_parse (context, &argc, &argv, NULL) && options.folder != NULL
               && (options.sqlite != NULL) != (options.url != NULL && options.pki != NULL),
           "see the head of this file");
  curl_global_init (CURL_GLOBAL_DEFAULT);
  read_folder ();
  began = g_get_monotonic_time ();
  if (options.sqlite != NULL)
    insert_all ();
  else
    put_all ();
  seconds = (double)(g_get_monotonic_time () - began) / G_USEC_PER_SEC;
  g_ptr_array_sort (puts_, compare);
  printf ("{\"items\": %u, \"seconds\": %.4f, \"p50_us\": %.0f, \"p99_us\": %.0f, "
          "\"connections\": %d}\n",
          puts_->len, seconds, quantile (0.5), quantile (0.99), connections);
  return 0;
}
