"""What the worker groups of the vocabulary cover, for readers, in the languages of the pages.

The notes of the data files are in English, and say to those who tag what to keep apart.
"""

from __future__ import annotations

from collections.abc import Mapping

from corpus.messages.catalogue import Message, gettext, message
from corpus.types import Facet
from corpus.vocabulary import Concept

_GROUPS: Mapping[str, Message] = {
    "informal_workers": message(
        "All workers whose work is not covered, in law or in practice, by formal arrangements."
    ),
    "domestic_workers": message(
        "People paid for work in or for private households: cleaning, cooking, caring, gardening, driving (C189)."
    ),
    "home_based_workers": message(
        "People who produce goods or services for the market in or around their own home, self-employed or subcontracted."
    ),
    "homeworkers": message(
        "Home-based workers who are paid, usually by the piece, by an employer or intermediary who specifies the product (C177)."
    ),
    "street_vendors": message(
        "People who sell goods or offer services in public space: streets, pavements, parks, transport stops."
    ),
    "market_traders": message("People who sell from stalls or in built markets, on public or private land."),
    "waste_pickers": message(
        "People who recover reusable and recyclable materials from streets, bins, dumps or door to door, and sort or sell them."
    ),
    "sanitation_workers": message("People who empty pits and clean sewers and streets, often on informal contracts."),
    "construction_workers": message(
        "People who work on building sites, many of them casual, subcontracted or own-account workers."
    ),
    "garment_workers": message("People who make clothes, textiles or footwear in factories, workshops or at home."),
    "transport_workers": message(
        "Drivers, conductors, pullers and helpers of motorcycle taxis, rickshaws, minibuses and carts."
    ),
    "platform_workers": message(
        "People paid through digital labour platforms: rides, delivery, domestic and care work, or online tasks."
    ),
    "porters": message(
        "People who carry loads on the head, on the back or with a handcart in markets, stations and warehouses."
    ),
    "casual_day_labourers": message(
        "People hired by the day or by the task, without a lasting contract, in any sector."
    ),
    "smallholder_farmers": message(
        "Own-account and family farmers on small plots, also those who farm for their own use."
    ),
    "agricultural_labourers": message("Wage and seasonal workers on farms and plantations."),
    "fishers": message(
        "Small-scale fishers, shellfish gatherers, fish processors and fish traders, many of them women."
    ),
    "forest_gatherers": message(
        "People who gather fuelwood, leaves, nuts, honey and other non-timber forest products."
    ),
    "small_scale_miners": message(
        "People who work in artisanal and small-scale mines, quarries, and sand or salt pits."
    ),
    "artisans": message(
        "Makers of handicrafts and small workshop goods: potters, carpenters, basket weavers, leather and metal workers."
    ),
    "service_workers_street": message(
        "Shoe shiners, barbers, hairdressers, repairers, car washers and guards, street musicians, mechanics."
    ),
    "care_workers": message(
        "Paid care workers outside hospitals: childcare, elder care, personal assistance, community health volunteers on stipends."
    ),
    "cross_border_traders": message("Small traders who carry goods across borders without full customs formalities."),
    "migrant_workers": message("Internal and international migrants at work, also refugees and displaced people."),
    "child_labour": message(
        "Children at work, also in hazardous work and the worst forms of child labour (C138, C182)."
    ),
    "brick_kiln_workers": message(
        "People in brick kilns, quarries and agriculture who are bound by debt or recruitment."
    ),
    "sex_workers": message("People who sell sexual services."),
    "pastoralists": message("Mobile or small livestock keepers and herders."),
}


def note_of(concept: Concept, *, lang: str = "en") -> str:
    """Return what a concept covers, in a sentence; empty where its label says it."""
    note = _GROUPS.get(concept.id) if concept.facet is Facet.GROUP else None
    return gettext(note, lang=lang) if note else ""
