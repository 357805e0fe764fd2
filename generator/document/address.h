/* Bare addresses in text; for document/ only. */
#ifndef DOCUMENT_ADDRESS_H
#define DOCUMENT_ADDRESS_H

#include <stdbool.h>

#include "base/str.h"

/* Length of an address without the punctuation that ends the sentence around it (GFM, "extended autolink path validation"). */
size_t address_trim(str address);
bool address_is_word(char c);     /* ASCII letter or digit */

#endif
