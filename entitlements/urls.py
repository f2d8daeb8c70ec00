"""Addresses of plans, customers, contracts and people."""

from django.urls import URLPattern, path

from entitlements.views import (
    amendments,
    calendars,
    company,
    company_incidents,
    company_people,
    contracts,
    customers,
    incident_credits,
    invitations,
    objectives,
    people,
    plan_requests,
    plans,
    reference,
    seats,
    staff_members,
    top_ups,
    webhooks,
)

urlpatterns: list[URLPattern] = [
    # Public
    path("plans/", plans.show_plans, name="plan_list"),
    path("plans/<slug:key>/", plans.show_plan, name="plan"),
    path("plans/<slug:key>/request/", plans.ask_for_plan, name="plan_request_new"),
    path("plans/<slug:key>/request/sent/", plans.show_request_sent, name="plan_request_sent"),
    # The company's own people
    path("companies/", company.show_own_companies, name="company"),
    path("companies/<slug:slug>/plan/", company.show_company, name="company"),
    path("companies/<slug:slug>/people/", company_people.show_people, name="company_people"),
    path("companies/<slug:slug>/history/", company_people.show_history, name="company_history"),
    path(
        "companies/<slug:slug>/people/<int:pk>/return/",
        company_people.let_back_in,
        name="person_return",
    ),
    path(
        "companies/<slug:slug>/people/<int:pk>/night-calls/",
        company_people.change_night_calls,
        name="night_calls",
    ),
    path(
        "companies/<slug:slug>/incidents/",
        company_incidents.show_incidents,
        name="company_incidents",
    ),
    path("companies/<slug:slug>/top-ups/", company_incidents.ask_for_top_up, name="top_up_new"),
    path(
        "companies/<slug:slug>/top-ups/<int:pk>/withdrawal/",
        company_incidents.take_top_up_back,
        name="top_up_withdrawal",
    ),
    path("companies/<slug:slug>/invitations/new/", invitations.invite, name="invitation_new"),
    path(
        "companies/<slug:slug>/invitations/<int:pk>/sending/",
        invitations.send_again,
        name="invitation_sending",
    ),
    path(
        "companies/<slug:slug>/invitations/<int:pk>/withdrawal/",
        invitations.take_back,
        name="invitation_withdrawal",
    ),
    path("invitations/<slug:secret>/", invitations.show_invitation, name="invitation"),
    # Customers and their people
    path("customers/", customers.show_customers, name="customer_list"),
    path("customers/new/", customers.add_customer, name="customer_new"),
    path("customers/<slug:slug>/", customers.show_customer, name="customer"),
    path("customers/<slug:slug>/edit/", customers.edit_customer, name="customer_edit"),
    path("customers/<slug:slug>/people/new/", people.add_company_person, name="person_new"),
    path("customers/<slug:slug>/people/<int:pk>/", people.edit_company_person, name="person_edit"),
    path(
        "customers/<slug:slug>/people/<int:pk>/removal/",
        people.remove_company_person,
        name="person_removal",
    ),
    path("customers/<slug:slug>/webhooks/", webhooks.company_webhooks, name="company_webhooks"),
    path(
        "customers/<slug:slug>/webhooks/new/",
        webhooks.new_company_webhook,
        name="company_webhook_new",
    ),
    path("customers/<slug:slug>/contracts/new/", contracts.add_contract, name="contract_new"),
    # Contracts
    path("contracts/", contracts.show_contracts, name="contract_list"),
    path("contracts/<slug:number>/", contracts.show_contract, name="contract"),
    path(
        "contracts/<slug:number>/amendments/new/", amendments.amend_contract, name="amendment_new"
    ),
    path("contracts/<slug:number>/credits/", incident_credits.give_back, name="credit_new"),
    path("contracts/<slug:number>/seats/", seats.give, name="seat_new"),
    path("contracts/<slug:number>/seats/<int:pk>/return/", seats.take_back, name="seat_return"),
    path("contracts/<slug:number>/seats/<int:pk>/swap/", seats.pass_on, name="seat_swap"),
    # Administration
    path("plan-requests/", plan_requests.show_requests, name="plan_request_list"),
    path("plan-requests/<int:pk>/", plan_requests.show_request, name="plan_request"),
    path("top-ups/", top_ups.show_top_ups, name="top_up_list"),
    path("top-ups/<int:pk>/", top_ups.show_top_up, name="top_up"),
    path("editions/", reference.show_editions, name="edition_list"),
    path("editions/<slug:key>/objectives/", objectives.edit_objectives, name="objectives"),
    path("calendars/", calendars.show_calendars, name="calendar_list"),
    path("calendars/<slug:key>/", calendars.show_calendar, name="calendar"),
    path("people/", staff_members.show_staff_members, name="person_list"),
    path("people/new/", staff_members.add_staff_member, name="staff_member_new"),
    path("people/<int:pk>/", staff_members.edit_staff_member, name="staff_member_edit"),
]
