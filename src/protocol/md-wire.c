// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include "md-wire.h"

#include <md-base.h>
#include <string.h>

G_DEFINE_QUARK (md_protocol_error_quark, md_protocol_error)

#define INTAKES "/v1/intakes/"
#define DECISIONS "/decisions/"
#define LISTS "/v1/crls/"
#define NOTICES "/v1/notices/"
#define LETTERS "/v1/letters/"
#define OFFICES "/v1/offices/"
#define INBOX "/inbox"
#define AFTER "?after="
#define WAIT "&wait="
#define UPLOADS "/uploads/"
#define FINISH "finish"
#define NOTICE_DIGITS 9u
#define UUID_LENGTH 36u

/* One row for each call that exists, in the order of MdRoute. */
static const struct
{
  const char *method;
  const char *path; /* as openapi.yaml spells it */
} routes[] = {
  [MD_ROUTE_INTAKE] = { "PUT", "/v1/intakes/{id}" },
  [MD_ROUTE_DECISION] = { "PUT", "/v1/intakes/{id}/decisions/{n}" },
  [MD_ROUTE_POLICY] = { "GET", "/v1/policy" },
  [MD_ROUTE_HEALTH] = { "GET", "/healthz" },
  [MD_ROUTE_METRICS] = { "GET", "/metrics" },
  [MD_ROUTE_OCSP] = { "POST", MD_WIRE_OCSP_PATH },
  [MD_ROUTE_NUMBERS] = { "POST", "/v1/numbers" },
  [MD_ROUTE_RENEWAL] = { "POST", "/v1/renewal" },
  [MD_ROUTE_CRL] = { "GET", LISTS "{name}" },
  [MD_ROUTE_NOTICE] = { "GET", NOTICES "{number}" },
  [MD_ROUTE_LETTER] = { "GET", LETTERS "{number}" },
  [MD_ROUTE_INBOX] = { "GET", OFFICES "{office}" INBOX },
  [MD_ROUTE_UPLOAD] = { "GET", "/v1/intakes/{id}/uploads/{digest}" },
  [MD_ROUTE_CHUNK] = { "PUT", "/v1/intakes/{id}/uploads/{digest}/{offset}" },
  [MD_ROUTE_FINISH] = { "POST", "/v1/intakes/{id}/uploads/{digest}/finish" },
};

const char *
md_route_method (MdRoute route)
{
  g_return_val_if_fail ((gsize)route < G_N_ELEMENTS (routes), "GET");

  return routes[route].method;
}

const char *
md_route_template (MdRoute route)
{
  g_return_val_if_fail ((gsize)route < G_N_ELEMENTS (routes), "/");

  return routes[route].path;
}

gboolean
md_wire_is_intake_id (const char *text)
{
  return text != NULL && strnlen (text, UUID_LENGTH + 1) == UUID_LENGTH && md_uuid7_is_valid (text);
}

/* A decision number as the wire spells it: no sign, no leading zero, within the limits; else 0. */
static guint
parse_decision_number (const char *text)
{
  guint n = 0;

  if (text[0] < '1' || text[0] > '9' || strnlen (text, 3) > 2)
    return 0;
  for (; *text != '\0'; text++)
    {
      if (!g_ascii_isdigit (*text))
        return 0;
      n = n * 10 + (guint)(*text - '0');
    }
  return n >= MD_WIRE_FIRST_DECISION && n <= MD_WIRE_MAX_DECISIONS ? n : 0;
}

/* Digits, no zero in front, below the largest container. */
static gboolean
parse_offset (const char *text, guint64 *out_offset)
{
  if (text[0] == '0')
    {
      *out_offset = 0;
      return text[1] == '\0';
    }
  return g_ascii_isdigit (text[0])
         && g_ascii_string_to_unsigned (text, 10, 1, MD_WIRE_MAX_CONTAINER - 1, out_offset, NULL);
}

/* What comes behind the name of an upload: nothing, an offset, or the end. */
static gboolean
parse_upload_path (const char *rest, MdTarget *target)
{
  const gsize length = 2 * MD_SHA256_SIZE;

  if (strspn (rest, "0123456789abcdef") != length)
    return FALSE;
  memcpy (target->name, rest, length);
  rest += length;
  target->route = MD_ROUTE_UPLOAD;
  if (*rest == '\0')
    return TRUE;
  if (*rest++ != '/')
    return FALSE;
  target->route = strcmp (rest, FINISH) == 0 ? MD_ROUTE_FINISH : MD_ROUTE_CHUNK;
  return target->route == MD_ROUTE_FINISH || parse_offset (rest, &target->offset);
}

static gboolean
parse_decision_path (const char *rest, MdTarget *target)
{
  target->route = MD_ROUTE_DECISION;
  target->n = parse_decision_number (rest);
  return target->n > 0;
}

static gboolean
parse_intake_path (const char *rest, MdTarget *out)
{
  MdTarget target = { .route = MD_ROUTE_INTAKE, .n = 1 };

  if (strnlen (rest, UUID_LENGTH) != UUID_LENGTH)
    return FALSE;
  memcpy (target.intake, rest, UUID_LENGTH);
  target.intake[UUID_LENGTH] = '\0';
  if (!md_wire_is_intake_id (target.intake))
    return FALSE;

  rest += UUID_LENGTH;
  if (g_str_has_prefix (rest, DECISIONS))
    {
      if (!parse_decision_path (rest + strlen (DECISIONS), &target))
        return FALSE;
    }
  else if (g_str_has_prefix (rest, UPLOADS))
    {
      if (!parse_upload_path (rest + strlen (UPLOADS), &target))
        return FALSE;
    }
  else if (*rest != '\0')
    return FALSE;
  *out = target;
  return TRUE;
}

gboolean
md_wire_is_list_name (const char *text)
{
  const gsize length = text != NULL ? strnlen (text, MD_WIRE_NAME_SIZE) : 0;

  return length > 0 && length < MD_WIRE_NAME_SIZE && text[0] != '.'
         && strspn (text, "abcdefghijklmnopqrstuvwxyz0123456789-.") == length;
}

gboolean
md_wire_is_list_path (const char *path)
{
  return path != NULL && g_str_has_prefix (path, LISTS)
         && md_wire_is_list_name (path + strlen (LISTS));
}

guint
md_wire_parse_notice (const char *text)
{
  const gsize length = text != NULL ? strnlen (text, NOTICE_DIGITS + 1) : 0;
  guint number = 0;

  if (length == 0 || length > NOTICE_DIGITS || text[0] == '0'
      || strspn (text, "0123456789") != length)
    return 0;
  for (; *text != '\0'; text++)
    number = number * 10 + (guint)(*text - '0');
  return number;
}

static gboolean
parse_notice_path (const char *rest, MdTarget *out)
{
  const guint number = md_wire_parse_notice (rest);

  if (number > 0)
    *out = (MdTarget){ .route = MD_ROUTE_NOTICE, .notice = number };
  return number > 0;
}

gboolean
md_wire_is_letter_number (const char *text)
{
  guint terminal = 0;
  guint counter = 0;
  g_autofree char *number = NULL;

  if (!md_receipt_number_parse (text, &terminal, &counter, NULL))
    return FALSE;
  number = md_receipt_number_format (terminal, counter);
  return g_strcmp0 (text, number) == 0;
}

static gboolean
parse_letter_path (const char *rest, MdTarget *out)
{
  if (!md_wire_is_letter_number (rest))
    return FALSE;
  *out = (MdTarget){ .route = MD_ROUTE_LETTER };
  return g_strlcpy (out->name, rest, sizeof out->name) < sizeof out->name;
}

/* Digits, no zero in front but of zero itself; *@INOUT_TEXT goes to what comes after them. */
static gboolean
take_number (const char **inout_text, guint64 most, guint64 *out)
{
  const char *text = *inout_text;
  guint64 number = 0;

  if (!g_ascii_isdigit (*text) || (text[0] == '0' && g_ascii_isdigit (text[1])))
    return FALSE;
  for (; g_ascii_isdigit (*text); text++)
    {
      number = number * 10 + (guint64)(*text - '0');
      if (number > most)
        return FALSE;
    }
  *inout_text = text;
  *out = number;
  return TRUE;
}

/* The one place with a query, which has both its parts, in this order. */
static gboolean
parse_inbox_path (const char *rest, MdTarget *out)
{
  MdTarget target = { .route = MD_ROUTE_INBOX };
  const gsize length = strspn (rest, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                     "0123456789-");
  guint64 wait = 0;

  if (length == 0 || length >= sizeof target.name || !g_str_has_prefix (rest + length, INBOX AFTER))
    return FALSE;
  memcpy (target.name, rest, length);
  rest += length + strlen (INBOX AFTER);
  if (!take_number (&rest, MD_WIRE_MAX_CURSOR, &target.offset) || !g_str_has_prefix (rest, WAIT))
    return FALSE;
  rest += strlen (WAIT);
  if (!take_number (&rest, MD_WIRE_MAX_WAIT, &wait) || *rest != '\0')
    return FALSE;
  target.wait = (guint)wait;
  *out = target;
  return TRUE;
}

gboolean
md_target_parse (const char *path, MdTarget *out)
{
  g_return_val_if_fail (path != NULL && out != NULL, FALSE);

  if (g_str_has_prefix (path, INTAKES))
    return parse_intake_path (path + strlen (INTAKES), out);
  if (g_str_has_prefix (path, NOTICES))
    return parse_notice_path (path + strlen (NOTICES), out);
  if (g_str_has_prefix (path, LETTERS))
    return parse_letter_path (path + strlen (LETTERS), out);
  if (g_str_has_prefix (path, OFFICES))
    return parse_inbox_path (path + strlen (OFFICES), out);
  if (md_wire_is_list_path (path))
    {
      *out = (MdTarget){ .route = MD_ROUTE_CRL };
      (void)g_strlcpy (out->name, path + strlen (LISTS), sizeof out->name);
      return TRUE;
    }
  for (guint i = MD_ROUTE_POLICY; i < MD_ROUTE_CRL; i++) /* the rows without a part to fill in */
    if (strcmp (path, routes[i].path) == 0)
      {
        *out = (MdTarget){ .route = (MdRoute)i };
        return TRUE;
      }
  return FALSE;
}

char *
md_target_format (const MdTarget *target)
{
  g_return_val_if_fail (target != NULL, NULL);

  if (target->route == MD_ROUTE_INTAKE)
    return g_strconcat (INTAKES, target->intake, NULL);
  if (target->route == MD_ROUTE_DECISION)
    return g_strdup_printf (INTAKES "%s" DECISIONS "%u", target->intake, target->n);
  if (target->route == MD_ROUTE_CRL)
    return g_strconcat (LISTS, target->name, NULL);
  if (target->route == MD_ROUTE_LETTER)
    return g_strconcat (LETTERS, target->name, NULL);
  if (target->route == MD_ROUTE_INBOX)
    return g_strdup_printf (OFFICES "%s" INBOX AFTER "%" G_GUINT64_FORMAT WAIT "%u", target->name,
                            target->offset, target->wait);
  if (target->route == MD_ROUTE_NOTICE)
    return g_strdup_printf (NOTICES "%u", target->notice);
  if (target->route == MD_ROUTE_UPLOAD)
    return g_strconcat (INTAKES, target->intake, UPLOADS, target->name, NULL);
  if (target->route == MD_ROUTE_FINISH)
    return g_strconcat (INTAKES, target->intake, UPLOADS, target->name, "/" FINISH, NULL);
  if (target->route == MD_ROUTE_CHUNK)
    return g_strdup_printf (INTAKES "%s" UPLOADS "%s/%" G_GUINT64_FORMAT, target->intake,
                            target->name, target->offset);
  return g_strdup (md_route_template (target->route));
}

char *
md_item_format (guint n)
{
  return n == 1 ? g_strdup ("intake") : g_strdup_printf ("decision/%u", n);
}

guint
md_item_parse (const char *item)
{
  if (g_strcmp0 (item, "intake") == 0)
    return 1;
  if (item != NULL && g_str_has_prefix (item, "decision/"))
    return parse_decision_number (item + strlen ("decision/"));
  return 0;
}

char *
md_wire_digest_hex (GBytes *body)
{
  return g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, body);
}

char *
md_content_digest_format (GBytes *body)
{
  gsize size = 0;
  const void *data = g_bytes_get_data (body, &size);
  guint8 digest[MD_SHA256_SIZE];
  g_autofree char *base64 = NULL;

  md_sha256 (data, size, digest);
  base64 = g_base64_encode (digest, sizeof digest);
  return g_strdup_printf ("sha-256=:%s:", base64);
}
