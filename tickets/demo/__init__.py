"""A believable year of support, told through the real operations.

`loading` is the way in; `companies` and `people` say who is there, `texts` what they write about,
`plan` what happens to which ticket, `timeline` and `script` play it in the order of time.
"""
