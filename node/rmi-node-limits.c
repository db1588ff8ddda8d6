/* node/rmi-node-limits.c: a node's limits, as its properties
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A table, so that a limit is declared once in RmiLimits and named once here. What they mean, with their
 * defaults, is in "Limits" of doc/protocol.md.
 */
#include "config.h"
#include "node/rmi-node-limits-private.h"

#define LIMIT(field, least, most) { #field, G_STRUCT_OFFSET (RmiLimits, field), sizeof (((RmiLimits *) NULL)->field), least, most }

static const struct
{
  const char *field;
  gsize       offset;
  gsize       size;
  guint64     least, most;
} limits[] = {
  LIMIT (frame_bytes, 1024, G_MAXINT32),
  LIMIT (depth, 8, RMI_LIMITS_MAX_DEPTH),
  LIMIT (values, 16, G_MAXUINT32),
  LIMIT (members, 16, G_MAXUINT32),
  LIMIT (key_bytes, 16, G_MAXUINT32),
  LIMIT (number_chars, 32, G_MAXUINT32),
  LIMIT (decode_factor, 1, 1000),
  LIMIT (decode_bytes, 1024, G_MAXSSIZE),
  LIMIT (calls_in_flight, 1, G_MAXUINT32),
  LIMIT (batch, 1, G_MAXUINT32),
  LIMIT (held_bytes, 0, G_MAXSSIZE),
  LIMIT (write_soft_bytes, 1024, G_MAXSSIZE),
  LIMIT (write_hard_bytes, 1024, G_MAXSSIZE),
  LIMIT (references, 1, G_MAXUINT32),
  LIMIT (open_frame_s, 1, 86400),
  LIMIT (open_frame_bytes, 1, G_MAXUINT32),
  LIMIT (chain_depth, 1, 1000),
  LIMIT (hello_s, 1, 86400),
  LIMIT (drain_s, 1, 86400),
  LIMIT (lease_s, 10, 600),
  LIMIT (idle_s, 1, G_MAXINT32),
  LIMIT (connections, 1, G_MAXUINT32),
  LIMIT (connections_per_host, 1, G_MAXUINT32),
};

#define N_LIMITS G_N_ELEMENTS (limits)

/* Property ids: 1 … N_LIMITS of the network, then as many of the local profile. */
static void *
field_of (const RmiLimits *network,
          const RmiLimits *local,
          guint            property_id,
          gsize           *size)
{
  guint i = (property_id - 1) % N_LIMITS;
  const RmiLimits *profile = property_id <= N_LIMITS ? network : local;

  *size = limits[i].size;
  return (char *) profile + limits[i].offset;
}

static void
install (GObjectClass *klass,
         guint         property_id,
         const char   *prefix)
{
  guint i = (property_id - 1) % N_LIMITS;
  g_autofree char *name = g_strconcat (prefix, limits[i].field, NULL);
  RmiLimits defaults;
  gsize size;
  void *field;

  if (property_id <= N_LIMITS)
    rmi_limits_init_network (&defaults);
  else
    rmi_limits_init_local (&defaults);
  field = field_of (&defaults, &defaults, property_id, &size);
  g_object_class_install_property (klass, property_id,
                                   g_param_spec_uint64 (name, NULL, NULL, limits[i].least, limits[i].most,
                                                        size == sizeof (guint) ? *(guint *) field : *(gsize *) field,
                                                        G_PARAM_READWRITE | G_PARAM_STATIC_NICK | G_PARAM_STATIC_BLURB));
}

void
rmi_node_limits_install (GObjectClass *klass)
{
  for (guint i = 0; i < N_LIMITS; i++)
    {
      install (klass, 1 + i, "limit-");
      install (klass, 1 + N_LIMITS + i, "local-limit-");
    }
}

void
rmi_node_limits_get (const RmiLimits *network,
                     const RmiLimits *local,
                     guint            property_id,
                     GValue          *value)
{
  gsize size;
  void *field = field_of (network, local, property_id, &size);

  g_value_set_uint64 (value, size == sizeof (guint) ? *(guint *) field : *(gsize *) field);
}

void
rmi_node_limits_set (RmiLimits    *network,
                     RmiLimits    *local,
                     guint         property_id,
                     const GValue *value)
{
  gsize size;
  void *field = field_of (network, local, property_id, &size);

  if (size == sizeof (guint))
    *(guint *) field = (guint) g_value_get_uint64 (value);
  else
    *(gsize *) field = g_value_get_uint64 (value);
}
