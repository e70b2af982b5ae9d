// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "watcher.h"

#include "metrics.h"

#include <event2/buffer.h>
#include <gio/gio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define LOOPBACK "127.0.0.1"
#define MOST_HEADERS 4096
#define TIMEOUT_S 10

struct _Watcher
{
  Office *office;
  const Counters *counters;
  void (*look) (WatcherNow *out_now, gpointer user_data);
  gpointer user_data;
  gint64 started_s;
  struct evhttp *http;
};

static guint
count_files (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint count = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    count++;
  return count > 0 ? count - 1 : 0; /* without the one that reads them */
}

static guint64
resident_bytes (void)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) words = NULL;

  if (!g_file_get_contents ("/proc/self/statm", &text, NULL, NULL))
    return 0;
  words = g_strsplit (text, " ", 3);
  return words[0] != NULL && words[1] != NULL
             ? g_ascii_strtoull (words[1], NULL, 10) * (guint64)sysconf (_SC_PAGESIZE)
             : 0;
}

static void
add_one (struct evbuffer *text, const char *name, const char *type, double value)
{
  evbuffer_add_printf (text, "# TYPE %s %s\n%s %.15g\n", name, type, name, value);
}

/* Named as Prometheus' own clients name them. */
static void
add_process (const Watcher *watcher, struct evbuffer *text)
{
  struct rusage usage = { 0 };
  WatcherNow now = { 0 };
  const guint64 resident = resident_bytes ();

  (void)getrusage (RUSAGE_SELF, &usage);
  watcher->look (&now, watcher->user_data);
  add_one (text, "process_cpu_seconds_total", "counter",
           (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
               + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6);
  add_one (text, "process_resident_memory_bytes", "gauge", (double)resident);
  add_one (text, "process_open_fds", "gauge", count_files ());
  add_one (text, "process_start_time_seconds", "gauge", (double)watcher->started_s);
  add_one (text, "madoguchi_connections", "gauge", now.connections);
  add_one (text, "madoguchi_body_bytes", "gauge", (double)now.body_bytes);
  add_one (text, "madoguchi_draining", "gauge", now.draining);
}

static void
request_cb (struct evhttp_request *request, void *user_data)
{
  const Watcher *watcher = user_data;
  const char *uri = evhttp_request_get_uri (request);
  struct evbuffer *text = evbuffer_new ();
  g_auto (Answer) answer = { 0 };
  WatcherNow now = { 0 };

  g_assert (text != NULL);
  watcher->look (&now, watcher->user_data);
  if (g_strcmp0 (uri, "/metrics") == 0)
    answer_metrics (watcher->office, watcher->counters, &answer);
  else if (g_strcmp0 (uri, "/healthz") == 0 && now.draining)
    answer_problem (&answer, md_problem_new (MD_PROBLEM_BUSY, NULL));
  else if (g_strcmp0 (uri, "/healthz") == 0)
    answer_health (watcher->office, &answer);
  else
    answer_problem (&answer, md_problem_new (MD_PROBLEM_NOT_FOUND, NULL));
  evbuffer_add (text, g_bytes_get_data (answer.body, NULL), g_bytes_get_size (answer.body));
  if (answer.status == 200 && strcmp (uri, "/metrics") == 0)
    add_process (watcher, text);
  evhttp_add_header (evhttp_request_get_output_headers (request), "Content-Type",
                     answer.content_type);
  evhttp_send_reply (request, (int)answer.status, NULL, text);
  evbuffer_free (text);
}

Watcher *
watcher_new (struct event_base *base, Office *office, const Counters *counters,
             void (*look) (WatcherNow *out_now, gpointer user_data), gpointer user_data,
             GError **error)
{
  Watcher *watcher = g_new0 (Watcher, 1);

  watcher->office = office;
  watcher->counters = counters;
  watcher->look = look;
  watcher->user_data = user_data;
  watcher->started_s = g_get_real_time () / G_TIME_SPAN_SECOND;
  watcher->http = evhttp_new (base);
  g_assert (watcher->http != NULL);
  evhttp_set_allowed_methods (watcher->http, EVHTTP_REQ_GET);
  evhttp_set_max_headers_size (watcher->http, MOST_HEADERS);
  evhttp_set_max_body_size (watcher->http, 0);
  evhttp_set_timeout (watcher->http, TIMEOUT_S);
  evhttp_set_gencb (watcher->http, request_cb, watcher);
  if (evhttp_bind_socket (watcher->http, LOOPBACK, office->settings->metrics_port) == 0)
    return watcher;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE, "cannot listen on %s port %u: %s",
               LOOPBACK, office->settings->metrics_port, g_strerror (errno));
  watcher_free (watcher);
  return NULL;
}

void
watcher_free (Watcher *watcher)
{
  if (watcher == NULL)
    return;
  evhttp_free (watcher->http);
  g_free (watcher);
}
