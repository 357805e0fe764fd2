/* version: the libraries behind document/. */
#ifndef DOCUMENT_VERSION_H
#define DOCUMENT_VERSION_H

#include "base/str.h"

str document_versions(struct arena *out);       /* "cmark-gfm 0.29.0.gfm.6, libyaml 0.2.5" */

#endif
