"""What functions show in their page and ask the user for. Its public doors are `deskapp.output`, `deskapp.input` and
`deskapp.pin`.
"""
