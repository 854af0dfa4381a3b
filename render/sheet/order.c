/* order.c -- which piece lies where: rows, columns or cut-and-stack, a used first sheet, repeats. */
#include "sheet/sheet.h"

static unsigned first_place(const Imposition *plan) { return plan->sheet->first > 1 ? plan->sheet->first - 1 : 0; }
static size_t repeats(const Imposition *plan) { return plan->sheet->repeat ? plan->sheet->repeat : plan->per_sheet; }

/* Pieces with their repeats; SIZE_MAX / 2 is more than any table has. */
static size_t slots_of(const Imposition *plan, size_t piece_count)
{
    size_t repeat = repeats(plan);
    return piece_count > SIZE_MAX / 2 / repeat ? SIZE_MAX / 2 : piece_count * repeat;
}

/* With a used first sheet the first `first` - 1 places (in the order of filling) are not there any more. */
size_t sheet_count(const Imposition *plan, size_t piece_count)
{
    size_t slots = slots_of(plan, piece_count);
    return slots ? (slots + first_place(plan) + plan->per_sheet - 1) / plan->per_sheet : 0;
}

/* The place's rank in the order of filling. */
static size_t rank_of(const Imposition *plan, unsigned place)
{
    unsigned column = place % plan->place_columns, row = place / plan->place_columns;
    return plan->sheet->order == ORDER_COLUMN ? column * plan->place_rows + row : place;
}

unsigned sheet_place_of(const Imposition *plan, unsigned rank)
{
    return plan->sheet->order == ORDER_COLUMN ? rank % plan->place_rows * plan->place_columns + rank / plan->place_rows : rank;
}

size_t sheet_first_of(const Imposition *plan, size_t piece) { return (piece * repeats(plan) + first_place(plan)) / plan->per_sheet; }

size_t sheet_piece_at(const Imposition *plan, size_t piece_count, size_t index, unsigned place)
{
    size_t sheets = sheet_count(plan, piece_count), skipped = first_place(plan), slots = slots_of(plan, piece_count);
    if (index >= sheets || place >= plan->per_sheet) return SIZE_MAX;
    size_t rank = rank_of(plan, place), slot;
    if (plan->sheet->order == ORDER_STACK) {
        /* Cut and stack: a place's pile runs through all sheets, then the next pile follows. Piles of used places have no
         * first sheet, so they are one shorter. */
        size_t used_before = rank < skipped ? rank : skipped;
        if (rank < skipped && index == 0) return SIZE_MAX;
        slot = rank * sheets - used_before + index - (rank < skipped);
    } else {
        size_t at = index * plan->per_sheet + rank;
        if (at < skipped) return SIZE_MAX;
        slot = at - skipped;
    }
    return slot < slots ? slot / repeats(plan) : SIZE_MAX;
}
