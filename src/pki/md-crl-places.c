// SPDX-License-Identifier: Apache-2.0
#include "config.h"

#include <openssl/err.h>
#include "md-crl-places-private.h"
#include "md-crl-private.h"

/* The names as they are compared: case, blanks and kinds of string count for nothing. */
static char *
word_for_name (const X509_NAME *issuer, const X509_NAME *name)
{
  return g_strdup_printf ("%08lx/n%08lx", X509_NAME_hash_ex (issuer, NULL, NULL, NULL),
                          X509_NAME_hash_ex (name, NULL, NULL, NULL));
}

/* Lists without a place of their own, and all of the issuer's lists. */
static char *
word_for_issuer (const X509_NAME *issuer, const char *which)
{
  return g_strdup_printf ("%08lx/%s", X509_NAME_hash_ex (issuer, NULL, NULL, NULL), which);
}

static char *
word_for_general_name (const X509_NAME *issuer, const GENERAL_NAME *name)
{
  g_autofree char *sum = NULL;
  unsigned char *der = NULL;
  int size;

  if (name->type == GEN_DIRNAME)
    return word_for_name (issuer, name->d.directoryName);
  size = i2d_GENERAL_NAME (name, &der);
  sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, der, size > 0 ? (gsize)size : 0);
  OPENSSL_free (der);
  return g_strdup_printf ("%08lx/%s", X509_NAME_hash_ex (issuer, NULL, NULL, NULL), sum);
}

static void
add_point (GPtrArray *places, const X509_NAME *issuer, DIST_POINT_NAME *point)
{
  if (point->type == 0)
    for (int i = 0; i < sk_GENERAL_NAME_num (point->name.fullname); i++)
      g_ptr_array_add (
          places, word_for_general_name (issuer, sk_GENERAL_NAME_value (point->name.fullname, i)));
  else if (DIST_POINT_set_dpname (point, issuer) == 1 && point->dpname != NULL)
    g_ptr_array_add (places, word_for_name (issuer, point->dpname));
}

GPtrArray *
md_crl_places_new (const X509_NAME *issuer, DIST_POINT_NAME *point)
{
  GPtrArray *places = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (places, word_for_issuer (issuer, "all"));
  if (point != NULL)
    add_point (places, issuer, point);
  else
    g_ptr_array_add (places, word_for_issuer (issuer, "whole"));
  return places;
}

GPtrArray *
md_crl_dup_places_of_certificate (const MdCertificate *certificate)
{
  GPtrArray *places = g_ptr_array_new_with_free_func (g_free);
  X509 *x509 = md_certificate_get_x509 (certificate);
  const X509_NAME *issuer = X509_get_issuer_name (x509);
  CRL_DIST_POINTS *points = X509_get_ext_d2i (x509, NID_crl_distribution_points, NULL, NULL);

  g_ptr_array_add (places, word_for_issuer (issuer, "whole"));
  for (int i = 0; i < sk_DIST_POINT_num (points); i++)
    {
      DIST_POINT *point = sk_DIST_POINT_value (points, i);

      /* one that names only whose list it is may be any of them */
      if (point->distpoint == NULL)
        g_ptr_array_add (places, word_for_issuer (issuer, "all"));
      else
        add_point (places, issuer, point->distpoint);
    }
  CRL_DIST_POINTS_free (points);
  ERR_clear_error ();
  return places;
}
