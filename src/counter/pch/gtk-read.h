// SPDX-License-Identifier: Apache-2.0
/* What is read once for all sources of the window (see ../meson.build). No source includes it. */
#include <adwaita.h>
#include <gtk/gtk.h>
