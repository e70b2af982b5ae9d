// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "asked.h"

#include <event2/buffer.h>
#include <event2/keyvalq_struct.h>
#include <string.h>

const char *
asked_find_header (struct evhttp_request *request, const char *name, guint *out_count)
{
  struct evkeyvalq *headers = evhttp_request_get_input_headers (request);
  const char *value = NULL;

  *out_count = 0;
  for (struct evkeyval *header = headers->tqh_first; header != NULL; header = header->next.tqe_next)
    if (g_ascii_strcasecmp (header->key, name) == 0)
      {
        value = header->value;
        *out_count += 1;
      }
  return value;
}

GBytes *
asked_take_body (struct evhttp_request *request)
{
  struct evbuffer *buffer = evhttp_request_get_input_buffer (request);
  gsize size = evbuffer_get_length (buffer);
  guint8 *data = g_malloc (MAX (size, 1));

  evbuffer_remove (buffer, data, size);
  return g_bytes_new_take (data, size);
}

MdProblem *
asked_check_type (struct evhttp_request *request, const char *wanted)
{
  guint count = 0;
  const char *type = asked_find_header (request, "Content-Type", &count);

  return count == 1 && strcmp (type, wanted) == 0 ? NULL
                                                  : md_problem_new (MD_PROBLEM_MEDIA_TYPE, NULL);
}

MdProblem *
asked_check_digest (struct evhttp_request *request, GBytes *body)
{
  guint count = 0;
  const char *value = asked_find_header (request, MD_WIRE_HEADER_DIGEST, &count);

  if (count > 1)
    return md_problem_new (MD_PROBLEM_MALFORMED_REQUEST, "There must be one Content-Digest.");
  switch (md_content_digest_check (value, body))
    {
    case MD_CONTENT_DIGEST_MATCH:
      return NULL;
    case MD_CONTENT_DIGEST_MISSING:
    case MD_CONTENT_DIGEST_UNSUPPORTED:
      return md_problem_new (MD_PROBLEM_DIGEST_MISSING, NULL);
    case MD_CONTENT_DIGEST_MISMATCH:
      return md_problem_new (MD_PROBLEM_DIGEST_MISMATCH, NULL);
    case MD_CONTENT_DIGEST_MALFORMED:
    default:
      return md_problem_new (MD_PROBLEM_MALFORMED_REQUEST, "Content-Digest is not of RFC 9530.");
    }
}
