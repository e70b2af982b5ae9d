// SPDX-License-Identifier: Apache-2.0
#pragma once

#if !defined(MD_LINE_COMPILATION)
#error "Private to line."
#endif

#include "md-line-client.h"

#include <curl/curl.h>

G_BEGIN_DECLS

/* A transfer that brought no answer, as libcurl tells it. */
typedef struct
{
  CURLcode code;
  long verdict;       /* OpenSSL's, on the peer's certificate; 0: it found nothing against it */
  long system;        /* errno of the last attempt to connect; 0: none failed */
  long connect;       /* what a proxy answered to CONNECT; 0: nothing, or it was not asked */
  gboolean proxied;   /* there is a proxy */
  gboolean too_large; /* we ended it */
  gboolean near;      /* who was called, or the proxy, is on this machine: no link is needed */
  const char *reason; /* libcurl's words, may be empty */
} MdLineFailure;

/* Sets *@error to what it means: the first line is for people, the second for the help desk. */
void _md_line_explain (const MdLineFailure *failure, GError **error);

/* Whether @url names this machine itself. */
gboolean _md_line_is_near (const char *url);

G_END_DECLS
